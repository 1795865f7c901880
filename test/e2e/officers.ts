import { expect, type Page } from '@playwright/test';

/** The demonstration's PIN (`app/demo/seed-lane.ts`). */
export const DEMO_PIN = '246810';

/** Signs in by keyboard alone, as an officer does. */
export async function signIn(supervisor: Page, number: string, pin = DEMO_PIN): Promise<void> {
  const field = supervisor.getByLabel('Service number');
  await field.waitFor({ timeout: 60_000 });
  await field.fill(number);
  await supervisor.keyboard.press('Tab');
  await supervisor.keyboard.type(pin);
  await supervisor.keyboard.press('Enter');
}

export async function signedInAs(supervisor: Page, number: string): Promise<void> {
  await expect(supervisor.locator('.console')).toHaveAttribute('data-officer', number, { timeout: 30_000 });
}

export async function signOut(supervisor: Page): Promise<void> {
  await supervisor.keyboard.press('z');
  await supervisor.getByLabel('Service number').waitFor({ timeout: 30_000 });
}

/** What the window may ask the lane for, past every button: what a changed screen could try. */
export function askLane(supervisor: Page, request: object): Promise<{ ok: boolean; error?: { code: string } }> {
  return supervisor.evaluate(
    (asked) => (window as unknown as { jointgate: { ask(it: object): Promise<never> } }).jointgate.ask(asked),
    request,
  );
}
