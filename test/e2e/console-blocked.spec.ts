import { expect, test } from './harness.ts';
import { askLane, signedInAs, signIn, signOut } from './officers.ts';

test('a lane that is blocked in mid-crossing opens no further door, and only its own side or the port lifts the block', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('console-blocked', ['--sign-in']);
  const { supervisor } = demo;
  const reasons = supervisor.locator('.lane-reasons');
  await demo.step('attract');
  await signIn(supervisor, 'E1001');
  await signedInAs(supervisor, 'E1001');
  await demo.come(/ERIKSSON/, /ERIKSSON/);
  await demo.step('lookHere');
  await supervisor.keyboard.down('d');
  await expect(reasons.getByText('Doors are blocked by an officer')).toBeVisible({ timeout: 30_000 });
  await supervisor.keyboard.up('d');
  await demo.step('seeOfficer');
  await demo.keepPicture('blocked');
  await expect(demo.bench.getByText(/walked forward through door [23]/)).toHaveCount(0);
  expect(demo.clearances()).toBe(0);

  await signOut(supervisor);
  await signIn(supervisor, 'N2001');
  await signedInAs(supervisor, 'N2001');
  const lift = { type: 'act', laneId: 'DEMO-1', action: { type: 'blockDoors', blocked: false } };
  expect((await askLane(supervisor, lift)).error?.code).toBe('notYours');

  await signOut(supervisor);
  await signIn(supervisor, 'P3001');
  await signedInAs(supervisor, 'P3001');
  expect(await askLane(supervisor, lift)).toMatchObject({ ok: true });
  await expect(reasons.getByText('Doors are blocked by an officer')).toHaveCount(0);
  await expect(reasons.getByText('Closed by an officer')).toBeVisible();
  expect(await demo.verifyRecord()).toBe(0);
});
