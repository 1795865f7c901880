import { expect, type Locator, type Page } from '@playwright/test';
import type { DemoLane } from './harness.ts';

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

/** Somebody stands before the camera who is not the document's holder; `officer` signs in and has the referral before them. */
export async function referStranger(demo: DemoLane, officer: string): Promise<Locator> {
  const { supervisor } = demo;
  await demo.step('attract');
  await signIn(supervisor, officer);
  await signedInAs(supervisor, officer);
  await demo.come(/ERIKSSON/, /stranger/);
  await demo.step('seeOfficer');
  return supervisor.getByRole('region', { name: 'Referral' });
}

/** The console of `officer` is locked: nothing of the lane is on it, and nothing can be had past its buttons. */
export async function isLocked(supervisor: Page, officer: string, timeout = 5_000): Promise<void> {
  await expect(supervisor.getByText(`Locked. ${officer} is signed in.`)).toBeVisible({ timeout });
  expect(await supervisor.content()).not.toContain('DEMO-1');
  const action = { type: 'setService', inService: false };
  const refused = await askLane(supervisor, { type: 'act', laneId: 'DEMO-1', action });
  expect(refused.error?.code).toBe('sessionLocked');
}

export async function unlock(supervisor: Page, officer: string): Promise<void> {
  await supervisor.keyboard.type(DEMO_PIN);
  await supervisor.keyboard.press('Enter');
  await signedInAs(supervisor, officer);
}
