import { expect, test } from './harness.ts';

// The packaged program is killed in `npm test` (packaged.spec.ts); in the other steps with `npm run e2e`.
for (const step of ['lookHere', 'walkOn', 'goThrough'] as const) {
  test(`the lane process is killed at ${step}: safe screen, shut doors, a consistent record, and service again`, {
    tag: '@long',
  }, async ({ launchDemo }) => {
    const demo = await launchDemo(`killed-at-${step}`);
    await demo.step('attract');
    await demo.come(/ERIKSSON/, /ERIKSSON/);
    await demo.step(step);
    process.kill(await demo.lanePid(), 'SIGKILL');
    await demo.step('outOfService');
    await demo.keepPicture('killed');
    // Somebody may stand in a chamber: nobody is let in before an officer has looked and opened the lane. Who had passed the
    // last door before the kill leaves nobody inside.
    const toOpen = demo.supervisor.getByRole('button', { name: /open the lane/i });
    const served = demo.traveller.locator('[data-step=attract]');
    await expect
      .poll(async () => (await toOpen.isVisible()) || (await served.isVisible()), { timeout: 60_000 })
      .toBe(true);
    if (await toOpen.isVisible()) await demo.openLane();
    else expect(demo.recordStates()).toEqual(['passed']);
    await demo.step('attract');
    await expect(
      demo.supervisor.getByText('The lane process died and was started again. Doors stayed shut.').first(),
    ).toBeVisible();
    await demo.keepPicture('again');
    // Whatever it was, it has an end now, the same on both sides.
    expect(demo.recordStates()).toHaveLength(1);
    expect(['abandoned', 'voided', 'passed']).toContain(demo.recordStates()[0]);
    expect(demo.clearances()).toBe(demo.recordStates()[0] === 'passed' ? 2 : 0);
    for (const door of [1, 2, 3]) {
      await expect(demo.bench.getByText(`Door ${door}`, { exact: true }).first()).toBeVisible();
    }
    expect(await demo.verifyRecord()).toBe(0);
  });
}
