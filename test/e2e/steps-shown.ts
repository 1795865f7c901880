import { expect, type Page } from '@playwright/test';

/** A lane is quicker than Playwright's own look every half second. Milliseconds. */
const LOOK_EVERY_MS = 30;

/**
 * Waits for a step of the traveller's screen: the one that stands there, or one that was shown since the step waited for before,
 * however shortly. A page that was loaded again begins anew.
 */
export function stepsShown(page: Page, limitMs: number): (wanted: string | RegExp) => Promise<void> {
  let after = 0;
  return async (wanted) => {
    const isWanted = (step: string): boolean => (typeof wanted === 'string' ? step === wanted : wanted.test(step));
    await expect
      .poll(
        async () => {
          const shown = await page.evaluate(historyOfSteps);
          if (shown.length < after) after = 0;
          const found = shown.findIndex(
            (step, index) => (index >= after || index === shown.length - 1) && isWanted(step),
          );
          if (found === -1) return shown.slice(after).join(' ');
          after = found + 1;
          return 'shown';
        },
        { message: `the traveller's screen shows ${wanted}`, timeout: limitMs, intervals: [LOOK_EVERY_MS] },
      )
      .toBe('shown');
  };
}

/** Runs in the page: every step it has shown since it was first asked. */
function historyOfSteps(): string[] {
  const keeper = window as unknown as { stepsShown?: string[] };
  if (keeper.stepsShown !== undefined) return keeper.stepsShown;
  const html = document.documentElement;
  const steps = [html.dataset.step ?? ''];
  new MutationObserver(() => {
    const step = html.dataset.step ?? '';
    if (steps.at(-1) !== step) steps.push(step);
  }).observe(html, { attributes: true, attributeFilter: ['data-step'] });
  keeper.stepsShown = steps;
  return steps;
}
