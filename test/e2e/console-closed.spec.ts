import { expect, test } from './harness.ts';
import { signedInAs, signIn } from './officers.ts';

test('a lane that is closed in mid-crossing lets the traveller through and nobody after them', async ({
  launchDemo,
}) => {
  const demo = await launchDemo('console-closed', ['--sign-in']);
  const { supervisor } = demo;
  await demo.step('attract');
  await signIn(supervisor, 'P3001');
  await signedInAs(supervisor, 'P3001');
  await demo.come(/ERIKSSON/, /ERIKSSON/);
  await demo.step('lookHere');
  await supervisor.keyboard.down('c');
  await expect(supervisor.locator('.lane-reasons').getByText('Closed by an officer')).toBeVisible({ timeout: 30_000 });
  await supervisor.keyboard.up('c');
  await demo.step('outOfService');
  expect(demo.recordStates()).toEqual(['passed']);
  await demo.keepPicture('closed');
  await demo.bench
    .getByRole('region', { name: /documents/i })
    .getByRole('button', { name: /ERIKSSON/ })
    .click();
  await supervisor.keyboard.down('o');
  await expect(supervisor.locator('.lane-reasons').getByText('Closed by an officer')).toHaveCount(0, {
    timeout: 30_000,
  });
  await supervisor.keyboard.up('o');
  await demo.step('attract');
  expect(demo.recordStates()).toEqual(['passed']);
});
