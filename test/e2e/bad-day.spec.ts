import { expect, test } from './harness.ts';

test('a bad day: garbage on the wire, an unplugged scanner, a frozen camera, two people; then the next traveller is served', {
  tag: '@long',
}, async ({ launchDemo }) => {
  const demo = await launchDemo('bad-day');
  await demo.step('attract');
  await demo.bench.getByRole('button', { name: /endless line/i }).click();
  await demo.step('documentAgain');
  await demo.keepPicture('garbage');
  await expect(demo.supervisor.getByText('The document scanner sent data that is no document.').first()).toBeVisible();
  await demo.step('attract');

  await demo.bench
    .getByRole('button', { name: /unplug/i })
    .first()
    .click();
  await demo.step('outOfService');
  await demo.keepPicture('unplugged');
  await expect(demo.supervisor.getByText('A device stopped answering or was unplugged.').first()).toBeVisible();
  await demo.bench
    .getByRole('button', { name: /plug in/i })
    .first()
    .click();
  await demo.step('attract');

  for (const scene of [/frozen camera/i, /two people/i]) {
    await demo.come(/ERIKSSON/, scene);
    await demo.step('lookHere');
    await demo.step('seeOfficer');
    await demo.viewAs('exit');
    // The traveller before was told to see an officer too.
    await expect(demo.supervisor.locator('.referral[data-owner="exit"]')).toBeVisible();
    await demo.keepPicture(scene.source.slice(0, 6));
    await demo.resolve(/send back/i);
    await demo.step('attract');
  }
  await expect(
    demo.supervisor.getByText('The face camera shows a picture that does not change.').first(),
  ).toBeVisible();

  await demo.come(/ERIKSSON/, /ERIKSSON/);
  await demo.step('goThrough');
  await demo.step('attract');
  expect(demo.recordStates()).toEqual(['resolved', 'resolved', 'passed']);
  expect(await demo.verifyRecord()).toBe(0);
});
