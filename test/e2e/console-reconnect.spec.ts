import { expect, test } from './harness.ts';

test('a console whose lane dies says so, comes back by itself and says what it missed', { tag: '@long' }, async ({
  launchDemo,
}) => {
  const demo = await launchDemo('console-reconnect');
  const { supervisor } = demo;
  await demo.step('attract');
  await demo.viewAs('exit');
  await expect(supervisor.locator('.console')).toHaveAttribute('data-viewer', 'exitOfficer', { timeout: 30_000 });
  await demo.viewAs('port');
  await expect(supervisor.locator('.console')).toHaveAttribute('data-viewer', 'portSupervisor');
  process.kill(await demo.lanePid(), 'SIGKILL');
  await expect(supervisor.getByText('No connection to the lane. What is shown is old.')).toBeVisible({
    timeout: 30_000,
  });
  await expect(supervisor.getByText(/while you were away: [1-9]\d* events/)).toBeVisible({ timeout: 60_000 });
  await expect(supervisor.locator('.console')).toHaveAttribute('data-connected', 'true');
  await expect(supervisor.getByRole('region', { name: 'Alarms' })).toContainText('The lane process died');
  await demo.keepPicture('back');
  await supervisor.keyboard.press('v');
  await expect(supervisor.getByText(/while you were away/)).toHaveCount(0);
});
