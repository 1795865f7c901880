import type { Page } from '@playwright/test';
import { expect, test } from './harness.ts';
import { askLane, DEMO_PIN, referStranger, signedInAs, signIn, signOut } from './officers.ts';

/** Longer than the hold that irreversible actions ask for. */
const HOLD_MS = 1_300;
const FLOW_MS = 60_000;

// Two officers and their PINs, one after the other.
test.setTimeout(240_000);

/** A reason, the dialogue by its key, the PINs, and the hold: all by keyboard. */
async function release(page: Page, second: string | null): Promise<void> {
  await page.keyboard.press('1');
  await expect(page.locator('.reason[aria-pressed="true"]')).toHaveCount(1);
  await page.keyboard.press('0');
  await fillAndHold(page, second);
}

async function fillAndHold(page: Page, second: string | null): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Release the traveller' });
  await dialog.getByLabel('Your PIN').fill(DEMO_PIN);
  if (second !== null) {
    await dialog.getByLabel('Service number').fill(second);
    await dialog.getByLabel('PIN', { exact: true }).fill(DEMO_PIN);
  }
  await dialog.getByRole('button', { name: /^Release/ }).focus();
  await page.keyboard.down('Enter');
  await page.waitForTimeout(HOLD_MS);
  await page.keyboard.up('Enter');
}

test('a face that did not match: the exit officer releases for the exit side and not for the entry side, whose officer does; then the traveller passes', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('officer-releases', ['--sign-in']);
  const { supervisor } = demo;
  const referral = await referStranger(demo, 'E1001');
  await expect(referral.getByRole('button', { name: /^Release/ })).toBeVisible({ timeout: FLOW_MS });
  await demo.keepPicture('may-release');
  await release(supervisor, null);
  await expect(referral).toContainText('The entry control asks for an officer', { timeout: FLOW_MS });
  await expect(referral).toContainText('The reason is for its own side only.');
  await expect(referral.getByRole('button', { name: /Release/ })).toHaveCount(0);
  const recordId = demo.recordIds().at(-1);
  const action = { type: 'releaseReferral', recordId, reasonCode: 'identityConfirmed' };
  await askLane(supervisor, { type: 'authenticate', pin: DEMO_PIN });
  const refused = await askLane(supervisor, { type: 'act', laneId: 'DEMO-1', action });
  expect(refused.error?.code).toBe('notYours');
  expect(demo.clearances()).toBe(0);

  await signOut(supervisor);
  await signIn(supervisor, 'N2001');
  await signedInAs(supervisor, 'N2001');
  await expect(referral).toContainText(/releasedByOtherSide|Released by the other side/, { timeout: FLOW_MS });
  await demo.keepPicture('entry-side');
  await release(supervisor, null);
  await expect.poll(() => demo.recordStates(), { timeout: FLOW_MS }).toEqual(['resolved', 'resolved', 'passed']);
  expect(demo.clearances()).toBe(2);
  expect(demo.filesHolding('identityConfirmed')).toEqual([]);
  expect(await demo.verifyRecord()).toBe(0);
});

test('a refusal takes two officers of the side that refused', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('four-eyes', ['--sign-in']);
  const { supervisor, bench } = demo;
  await demo.step('attract');
  await signIn(supervisor, 'N2001');
  await signedInAs(supervisor, 'N2001');
  await demo.come(/NOOR/, /NOOR/);
  await demo.step('lookHere');
  // From here on the traveller waits to be told.
  const walks = bench.getByRole('switch', { name: /walks by itself/i });
  await walks.click();
  await demo.step('seeOfficer');
  const referral = supervisor.getByRole('region', { name: 'Referral' });
  await expect(referral).toContainText('The entry control refuses the crossing', { timeout: FLOW_MS });
  await supervisor.keyboard.press('1');
  await supervisor.keyboard.press('0');
  const dialog = supervisor.getByRole('dialog', { name: 'Release the traveller' });
  await expect(dialog.getByLabel('Service number')).toBeVisible();
  await fillAndHold(supervisor, 'E1001');
  await expect(dialog).toContainText('This needs another officer of your own side.', { timeout: FLOW_MS });
  await fillAndHold(supervisor, 'N2001');
  await expect(dialog).toContainText('This needs another person than you.', { timeout: FLOW_MS });
  await demo.keepPicture('refused-second');
  expect(demo.recordStates()).toEqual(['refused']);
  await fillAndHold(supervisor, 'N2002');
  await expect(dialog).toHaveCount(0, { timeout: FLOW_MS });
  await walks.click();
  await expect.poll(() => demo.recordStates(), { timeout: FLOW_MS }).toEqual(['refused', 'passed']);
  expect(demo.clearances()).toBe(2);
  expect(await demo.verifyRecord()).toBe(0);
});
