import { expect, test } from './harness.ts';

test('an impostor does not pass: the traveller sees an officer, the exit side gets the referral', async ({
  launchDemo,
}) => {
  const demo = await launchDemo('impostor');
  await demo.step('attract');
  await demo.come(/ERIKSSON/, /stranger/);
  await demo.step('seeOfficer');
  await demo.viewAs('exit');
  await expect(demo.supervisor.getByText('The face does not match the enrolled portrait').first()).toBeVisible();
  await demo.keepPicture('referred');
  await expect(demo.bench.getByText(/walked forward through door [23]/)).toHaveCount(0);
});

test('the exit control refuses: door 2 never opens, nobody is told why but its own officers', { tag: '@long' }, async ({
  launchDemo,
}) => {
  const demo = await launchDemo('exit-refuses');
  await demo.step('attract');
  await demo.come(/MARTA/, /MARTA/);
  await demo.step('seeOfficer');
  await demo.keepPicture('refused');
  await expect(demo.bench.getByText('walked backward through door 1')).toBeVisible();
  await expect(demo.bench.getByText('walked forward through door 2')).toHaveCount(0);
  await demo.step('attract');
  await demo.viewAs('entry');
  await expect(demo.supervisor.getByText(/watchlist/i)).toHaveCount(0);
  await expect(demo.traveller.getByText(/watchlist/i)).toHaveCount(0);
  expect(demo.recordStates()).toEqual(['refused']);
});

test('the entry control refuses after the exit control cleared: an officer is called, and nothing is recorded on either side', async ({
  launchDemo,
}) => {
  const demo = await launchDemo('entry-refuses');
  await demo.step('attract');
  await demo.come(/NOOR/, /NOOR/);
  await demo.step('lookHere');
  // From here on the traveller waits to be told.
  await demo.bench.getByRole('switch', { name: /walks by itself/i }).click();
  await demo.step('seeOfficer');
  await demo.viewAs('exit');
  await demo.keepPicture('exit-officer');
  await expect(demo.supervisor.getByText(/watchlist/i)).toHaveCount(0);
  await demo.viewAs('entry');
  await demo.keepPicture('entry-officer');
  await expect(demo.supervisor.getByText(/watchlist/i).first()).toBeVisible();
  expect(demo.clearances()).toBe(0);
  expect(demo.recordStates()).toEqual(['refused']);
  await demo.bench
    .getByRole('button', { name: /turn back/i })
    .first()
    .click();
  await demo.step('attract');
  await expect(demo.bench.getByText(/walked forward through door [23]/)).toHaveCount(0);
  expect(await demo.verifyRecord()).toBe(0);
});
