import { expect, test } from './harness.ts';
import { askLane, DEMO_PIN, isLocked, signedInAs, signIn, signOut, unlock } from './officers.ts';

test('officers sign in, lock and unlock; wrong PINs make an account wait; without a session nothing is shown or done', async ({
  launchDemo,
}) => {
  const { supervisor, step } = await launchDemo('sign-in', ['--sign-in']);
  await step('attract');
  await supervisor.getByLabel('Service number').waitFor({ timeout: 60_000 });
  expect(await supervisor.content()).not.toContain('DEMO-1');
  for (const request of [
    { type: 'act', laneId: 'DEMO-1', action: { type: 'setService', inService: false } },
    {
      type: 'search',
      query: {
        from: '2026-01-01T00:00:00Z',
        to: '2027-01-01T00:00:00Z',
        document: null,
        laneId: null,
        states: [],
        before: null,
      },
    },
    { type: 'lookAs', viewer: 'exitOfficer' },
  ]) {
    const { ok, error } = await askLane(supervisor, request);
    expect([ok, error?.code]).toEqual([false, request.type === 'lookAs' ? 'notAllowed' : 'signInNeeded']);
  }

  await signIn(supervisor, 'E1002', '111111');
  await expect(supervisor.getByRole('alert')).toContainText('Number or PIN is wrong', { timeout: 30_000 });
  for (let tries = 0; tries < 2; tries += 1)
    await askLane(supervisor, { type: 'signIn', officer: 'E1002', pin: '111111', newPin: null });
  await signIn(supervisor, 'E1002');
  await expect(supervisor.getByRole('alert')).toContainText(/locked. Try again in \d+ seconds/, { timeout: 30_000 });

  await signIn(supervisor, 'E1001');
  await signedInAs(supervisor, 'E1001');
  await expect(supervisor.getByRole('region', { name: /DEMO-1/ })).toBeVisible();
  expect(await supervisor.content()).not.toContain(DEMO_PIN);
  await supervisor.keyboard.press('q');
  await isLocked(supervisor, 'E1001');
  await unlock(supervisor, 'E1001');

  // The auditor reads all of it, and can do nothing.
  await signOut(supervisor);
  await signIn(supervisor, 'A5001');
  await signedInAs(supervisor, 'A5001');
  await supervisor.keyboard.press('u');
  await supervisor.getByRole('button', { name: 'Read' }).click();
  const log = supervisor.locator('.table');
  for (const event of ['officerSignInFailed', 'officerLockedOut', 'officerSignedIn', 'officerSessionEnded'])
    await expect(log.locator(`tr[data-kind="${event}"]`).first()).toBeVisible({ timeout: 30_000 });
  expect(await supervisor.content()).not.toMatch(/246810|111111|argon2/);
  const denied = await askLane(supervisor, {
    type: 'act',
    laneId: 'DEMO-1',
    action: { type: 'setService', inService: false },
  });
  expect(denied.error?.code).toBe('notAllowed');
});
