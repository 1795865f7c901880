import { expect, test } from './harness.ts';

test('a traveller is cleared by both controls and the last door opens', async ({ launchDemo }) => {
  const demo = await launchDemo('cleared');
  await demo.step('attract');
  await demo.keepPicture('attract');
  await demo.come(/ERIKSSON/, /ERIKSSON/);
  for (const step of ['walkIn', 'lookHere', 'walkOn', 'goThrough'] as const) {
    await demo.step(step);
    await demo.keepPicture(step);
  }
  await demo.step('attract');
  await expect(demo.supervisor.getByText('Exit and entry were committed together.')).toBeVisible();
  await expect(demo.supervisor.getByText('The traveller passed the last door.')).toBeVisible();
  await expect(demo.bench.getByText('walked forward through door 3')).toBeVisible();
  await demo.keepPicture('after');
  expect(await demo.verifyRecord()).toBe(0);
});
