import { technicianDesk } from './diagnostics-window.ts';
import { expect, test } from './harness.ts';

test('a door opens for a test only after the question that names it was confirmed, and shuts by itself', {
  tag: '@long',
}, async ({ launchDemo }) => {
  test.setTimeout(180_000);
  const demo = await launchDemo('diagnostics-door', ['--diagnostics']);
  const desk = await technicianDesk(demo, 'diagnostics-door');
  await demo.step('attract');
  // Nobody must walk through by itself in this story.
  await demo.bench.getByRole('switch', { name: /walks by itself/i }).click();
  await desk.takeLane();
  await desk.open('2', 'laneController');
  const door = demo.bench.locator('[data-door="2"]');
  const test2 = desk.page.getByRole('region', { name: 'Open door 2' });
  await test2.getByRole('button', { name: 'Open door 2' }).click();
  await desk.page.getByText('Door 2 will open for 3 seconds. Is it free on both sides?').waitFor();
  await desk.keepPicture('question');
  // A touch is no confirmation.
  await desk.page.getByRole('button', { name: /open door 2 now/i }).click();
  await expect(door).toHaveAttribute('data-open', 'false');
  await desk.hold(/open door 2 now/i, () => expect(door).toHaveAttribute('data-open', 'true', { timeout: 20_000 }));
  await desk.keepPicture('open');
  for (const other of [1, 3])
    await expect(demo.bench.locator(`[data-door="${other}"]`)).toHaveAttribute('data-open', 'false');
  await expect(test2.locator('[data-outcome="passed"]')).toBeVisible({ timeout: 20_000 });
  await expect(door).toHaveAttribute('data-open', 'false');
  await desk.keepPicture('shut');
  // And a lamp, which moves nothing.
  await desk.page.getByRole('group', { name: 'Lamp of door 1' }).getByRole('button', { name: 'green' }).click();
  await expect(demo.bench.locator('[data-door="1"] [data-lamp]')).toHaveAttribute('data-lamp', 'green');
  expect(desk.audit().filter(({ event }) => event === 'doorTested')).toEqual([
    { event: 'doorTested', facts: { detail: 'door 2', officer: 'T4001', door: 2 } },
  ]);
  await desk.hold(/give the lane back/i, () => desk.mode('outside'));
  await demo.step('attract');
});
