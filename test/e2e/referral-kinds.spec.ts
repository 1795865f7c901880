import { expect, test } from './harness.ts';

const DUPLICATE = 'A document of a crossing that is still live was presented again.';

test('referrals of a control, of a document used twice and of the port: each is resolved by those whose matter it is', {
  tag: '@long',
}, async ({ launchDemo }) => {
  test.setTimeout(240_000);
  const demo = await launchDemo('referral-kinds');
  const { supervisor, bench } = demo;
  const referral = supervisor.getByRole('region', { name: 'Referral' });
  const actions = referral.getByRole('button', { name: /send back|manual lane/i });
  const over = () => expect(referral).toContainText('Nobody is waiting for you.', { timeout: 30_000 });
  await demo.step('attract');

  // A silent hit of the entry control: the reason is its own side's.
  await demo.come(/INES/, /INES/);
  await demo.step('seeOfficer');
  await demo.viewAs('exit');
  await expect(referral).toContainText('The entry control asks for an officer');
  await expect(actions).toHaveCount(0);
  expect(await supervisor.content()).not.toMatch(/watchlist/i);
  await demo.viewAs('entry');
  await expect(referral).toContainText('Watchlist: this document');
  await demo.keepPicture('entry-control');
  await demo.resolve(/send back/i);
  await over();
  await demo.step('attract');

  // An expired document waits for an officer outside; the same one again is the duplicate of a live crossing.
  await demo.come(/OLGA/, /OLGA/);
  await demo.step('seeOfficer');
  await demo.viewAs('exit');
  await expect(referral).toContainText('in front of the lane');
  await demo.step('attract');
  await demo.come(/OLGA/, /OLGA/);
  await demo.step('seeOfficer');
  await expect(supervisor.getByRole('region', { name: 'Alarms' })).toContainText(DUPLICATE);
  await demo.keepPicture('duplicate');
  await demo.resolve(/manual lane/i);
  await over();
  await demo.step('attract');

  // The doors' cable is pulled while somebody stands inside: the port's own matter. Whoever is there helps them out, nobody releases.
  await demo.come(/ERIKSSON/, /ERIKSSON/);
  await demo.step('lookHere');
  await bench.locator('[data-device="laneController"]').getByRole('button').click();
  await demo.viewAs('port');
  await expect(referral).toHaveAttribute('data-owner', 'port', { timeout: 30_000 });
  for (const viewer of ['exit', 'entry', 'port'] as const) {
    await demo.viewAs(viewer);
    await expect(referral).toHaveAttribute('data-owner', 'port');
    await expect(actions).toHaveCount(2);
    await expect(referral.getByRole('button', { name: /^release/i })).toHaveCount(0);
    await expect(referral.getByRole('img', { name: /portrait|live/i })).toHaveCount(0);
  }
  await demo.keepPicture('port');
  await bench.locator('[data-device="laneController"]').getByRole('button').click();
  await demo.resolve(/manual lane/i);
  await over();
  expect(demo.clearances()).toBe(0);
  expect(await demo.verifyRecord()).toBe(0);
});
