import { expect, test } from './harness.ts';
import { referStranger, signedInAs, signIn, signOut } from './officers.ts';

test('an exit officer compares the faces, keeps the traveller, leaves a note for a colleague, who sends them back', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('officer-resolves', ['--sign-in']);
  const { supervisor } = demo;
  const referral = await referStranger(demo, 'E1001');
  await expect(referral.getByRole('img', { name: 'Live image' })).toBeVisible({ timeout: 30_000 });
  await expect(referral.getByRole('img', { name: 'Document portrait' })).toBeVisible();
  await demo.keepPicture('referred');
  await supervisor.keyboard.press('2');
  await supervisor.keyboard.press('f');
  await expect(referral.getByText('kept in the chamber')).toBeVisible();
  await supervisor.keyboard.press('e');
  await supervisor.keyboard.type('looks like a relative');
  await supervisor.keyboard.press('Enter');
  await expect(referral).toContainText('E1001 looks like a relative', { timeout: 30_000 });
  // The note is nowhere on disk in clear.
  expect(demo.filesHolding('looks like a relative')).toEqual([]);

  await signOut(supervisor);
  await signIn(supervisor, 'E1002');
  await signedInAs(supervisor, 'E1002');
  await expect(referral).toContainText('looks like a relative', { timeout: 30_000 });
  await demo.resolve(/send back/i);
  await demo.step('attract');
  expect(demo.recordStates()).toEqual(['resolved']);
  expect(demo.materials()).toBe(0);
  expect(await demo.verifyRecord()).toBe(0);
});
