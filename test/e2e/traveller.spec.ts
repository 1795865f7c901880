import type { Page } from '@playwright/test';
import { LANGUAGES } from '../../app/contract/traveller-view.ts';
import { TRAVELLER_CATALOGUES } from '../../app/renderer/traveller/catalogue/catalogues.ts';
import { type DemoLane, expect, test } from './harness.ts';

const PATIENCE_MS = 40_000;

/** The sentence stands on the screen, in these very words. */
const says = (page: Page, sentence: string) =>
  expect(page.getByRole('heading', { level: 1, name: sentence, exact: true })).toBeVisible({ timeout: PATIENCE_MS });

const choose = (page: Page, language: (typeof LANGUAGES)[number]) =>
  page.getByRole('button', { name: TRAVELLER_CATALOGUES[language].languageName, exact: true }).click();

/** Nobody walks unless the test says so. */
const standStill = (demo: DemoLane) => demo.bench.getByRole('switch', { name: /walks by itself/i }).click();

// A launch for each language: who has crossed can't cross the same way again.
for (const language of LANGUAGES) {
  test(`each outcome is told in the language that was chosen: ${language}`, { tag: '@long' }, async ({
    launchDemo,
  }) => {
    test.setTimeout(240_000);
    const demo = await launchDemo(`outcomes-${language}`);
    const { traveller, bench } = demo;
    const { steps, advice } = TRAVELLER_CATALOGUES[language];
    await demo.step('attract');
    await choose(traveller, language);
    await says(traveller, steps.attract.title);

    await demo.come(/ERIKSSON/, /ERIKSSON/);
    await demo.step('lookHere');
    await says(traveller, steps.goThrough.title);
    await demo.keepPicture('through');
    await demo.step('attract');

    await choose(traveller, language);
    // Noise instead of a document: what is said of it is up to the lane, in these words at least.
    await bench.locator('.garbage-kinds button').first().click();
    await demo.step('documentAgain');
    const words = [steps.documentAgain.title, ...Object.values(advice).map(({ title }) => title)];
    expect(words).toContain(await traveller.getByRole('heading', { level: 1 }).textContent());
    await demo.step('attract');

    // The exit side refuses: the officer's screen, the same as for every other reason.
    await choose(traveller, language);
    await demo.come(/MARTA/, /MARTA/);
    await says(traveller, steps.seeOfficer.title);
    await demo.keepPicture('officer');
  });
}

test('language and low layout are changed in mid-step, and outlive a page that is loaded again', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('mid-step');
  const { traveller } = demo;
  await demo.step('attract');
  await standStill(demo);
  await demo.come(/ERIKSSON/, /ERIKSSON/);
  await demo.step('walkIn');
  await choose(traveller, 'pt');
  await says(traveller, TRAVELLER_CATALOGUES.pt.steps.walkIn.title);
  await traveller.locator('[data-comfort="lowPosition"]').click();
  await traveller.reload();
  await says(traveller, TRAVELLER_CATALOGUES.pt.steps.walkIn.title);
  await expect(traveller.locator('.screen')).toHaveAttribute('data-low', 'true');
  // A wheelchair user reads and reaches all of it in the lower 60 %.
  const { height } = await traveller.evaluate(() => ({ height: innerHeight }));
  for (const part of ['.stage-words', '.comfort-bar', '.language-bar']) {
    const box = await traveller.locator(part).boundingBox();
    expect(box?.y ?? 0, part).toBeGreaterThanOrEqual(height * 0.39);
  }
  await demo.keepPicture('low');
});

test('who needs longer is warned, and one touch gives more time', async ({ launchDemo }) => {
  const demo = await launchDemo('more-time');
  const { traveller } = demo;
  await demo.step('attract');
  await choose(traveller, 'en');
  await standStill(demo);
  await demo.come(/ERIKSSON/, /ERIKSSON/);
  await demo.step('walkIn');
  const warning = traveller.getByRole('alert');
  await expect(warning).toBeVisible({ timeout: PATIENCE_MS });
  await demo.keepPicture('warning');
  await traveller.getByRole('button', { name: TRAVELLER_CATALOGUES.en.warning.button }).click();
  await expect(warning).toBeHidden();
  await demo.step('walkIn');
});
