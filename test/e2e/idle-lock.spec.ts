import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { SupervisorApi } from '../../app/contract/window-api.ts';
import { expect, test } from './harness.ts';
import { isLocked, signedInAs, signIn, unlock } from './officers.ts';

/** The shortest that a lane profile allows. */
const IDLE_S = 30;

/** What the lane has told this window of its session. */
function idleLockOf(supervisor: Page): Promise<number | null> {
  return supervisor.evaluate(
    () =>
      new Promise((resolve) => {
        const { jointgate } = window as unknown as { jointgate: SupervisorApi };
        const stop = jointgate.onUpdate((update) => {
          if (update.type !== 'session') return;
          stop();
          resolve(update.session.state === 'signedIn' ? update.session.idleLockSeconds : null);
        });
        void jointgate.ask({ type: 'hello' });
      }),
  );
}

test('a console that nobody touches locks itself and shows nothing; its officer comes back with the PIN', {
  tag: '@long',
}, async ({ launchDemo }) => {
  test.setTimeout(240_000);
  const demo = await launchDemo('idle-lock', ['--sign-in']);
  const { supervisor } = demo;
  await demo.step('attract');
  // The profile is read when the lane's process starts.
  const path = join(demo.folder, 'lane.json');
  const profile = JSON.parse(readFileSync(path, 'utf8')) as { officers?: object };
  writeFileSync(path, JSON.stringify({ ...profile, officers: { ...profile.officers, idleLockSeconds: IDLE_S } }));
  process.kill(await demo.lanePid(), 'SIGKILL');
  await demo.step('outOfService');
  await demo.step('attract');

  await signIn(supervisor, 'E1001');
  await signedInAs(supervisor, 'E1001');
  await expect.poll(() => idleLockOf(supervisor)).toBe(IDLE_S);
  // Whoever works stays signed in, beyond the idle time.
  const workedFrom = performance.now();
  while (performance.now() - workedFrom < (IDLE_S + 8) * 1000) {
    await supervisor.keyboard.press('Shift');
    await expect(supervisor.locator('.console')).toHaveAttribute('data-officer', 'E1001');
    // A key now and then: time itself is what this story is about.
    await supervisor.waitForTimeout(2_000);
  }
  await isLocked(supervisor, 'E1001', (IDLE_S + 20) * 1000);
  await demo.keepPicture('locked');
  await unlock(supervisor, 'E1001');
  await expect(supervisor.getByRole('region', { name: /DEMO-1/ })).toBeVisible();
});
