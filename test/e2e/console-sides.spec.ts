import { expect, test } from './harness.ts';
import { askLane, signedInAs, signIn, signOut } from './officers.ts';

test('an exit officer sees neither the entry side’s reason nor its pictures, and cannot act for it', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('console-sides', ['--sign-in']);
  const { supervisor } = demo;
  await demo.step('attract');
  await signIn(supervisor, 'E1001');
  await signedInAs(supervisor, 'E1001');
  await demo.come(/NOOR/, /NOOR/);
  await demo.step('lookHere');
  // From here on the traveller waits to be told.
  await demo.bench.getByRole('switch', { name: /walks by itself/i }).click();
  await demo.step('seeOfficer');
  const referral = supervisor.getByRole('region', { name: 'Referral' });
  // First the way back stands open; who does not take it within its time is an officer's.
  await expect(referral).toContainText('The entry control refuses the crossing', { timeout: 45_000 });
  await expect(referral).toContainText('The reason is for its own side only.');
  await expect(referral.getByRole('button')).toHaveCount(0);
  expect(await supervisor.content()).not.toMatch(/watchlist/i);
  const recordId = demo.recordIds().at(-1);
  const act = (action: object) => askLane(supervisor, { type: 'act', laneId: 'DEMO-1', action });
  const reasonCode = 'identityConfirmed';
  for (const action of [
    { type: 'resolveReferral', recordId, action: 'handedToManualLane', reasonCode },
    { type: 'keepReferral', recordId, reasonCode },
    { type: 'addNote', recordId, text: 'not mine' },
  ])
    expect((await act(action)).error?.code, action.type).toBe('notYours');
  const pictures = await askLane(supervisor, { type: 'pictures', laneId: 'DEMO-1', recordId });
  expect(pictures.error?.code).toBe('notYours');
  await demo.keepPicture('exit-officer');

  await signOut(supervisor);
  await signIn(supervisor, 'P3001');
  await signedInAs(supervisor, 'P3001');
  await expect(referral).toContainText('The entry control refuses the crossing');
  expect(await supervisor.content()).not.toMatch(/watchlist/i);

  await signOut(supervisor);
  await signIn(supervisor, 'N2001');
  await signedInAs(supervisor, 'N2001');
  await expect(referral).toContainText('Watchlist: this document');
  await expect(referral.getByRole('img', { name: 'Live image' })).toBeVisible({ timeout: 30_000 });
  await expect(referral.getByRole('img', { name: 'Document portrait' })).toBeVisible();
  await demo.keepPicture('entry-officer');
  await demo.resolve(/hand to the manual lane/i);
  await expect(referral).toContainText('Nobody is waiting for you.');
  expect(demo.clearances()).toBe(0);
});
