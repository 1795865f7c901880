import { describe, expect, test, vi } from 'vitest';
import { accounts, openBench, PIN, served } from '../../../test/integration/desk-bench.ts';
import { allDoorsShut } from '../../../test/integration/lane-stage.ts';
import { err } from '../../contract/result.ts';
import { HeadlessLane } from '../../demo/headless-lane.ts';

describe('taking the lane and giving it back', () => {
  test('only a technician gets in; the lane closes, and opens again when everything is ready', async () => {
    const { lane, act, until, inside, events, nextIsServed } = await openBench();
    await served(lane);
    act({ type: 'enter' });
    act({ type: 'signIn', officer: 'TECH1', pin: '111111', newPin: null });
    await until(({ signIn }) => signIn.problem === 'credentialsWrong');
    act({ type: 'signIn', officer: 'EXIT1', pin: PIN, newPin: null });
    const refused = await until(({ signIn }) => signIn.problem === 'notATechnician');
    expect([refused.technician, refused.workbench, refused.inService]).toEqual([null, null, true]);
    await inside();
    expect(lane.traveller?.step).toBe('outOfService');
    expect(lane.supervisor('exitOfficer')?.outOfServiceReasons).toContain('diagnostics');
    // An officer can't open what a technician has.
    lane.opened.lane.receive({
      type: 'supervisor',
      viewer: 'exitOfficer',
      officer: 'TEST1',
      action: { type: 'setService', inService: true },
    });
    act({ type: 'leave' });
    const out = await until(({ mode }) => mode === 'outside');
    expect(out.workbench?.readiness).toMatchObject({ ready: true });
    expect(out.inService).toBe(true);
    expect(events()).toEqual(expect.arrayContaining(['diagnosticsEntered', 'readinessChecked', 'diagnosticsLeft']));
    await nextIsServed();
  });

  test('a crossing under way is served to the end first', async () => {
    const { lane, act, until, cross } = await openBench();
    await served(lane);
    act({ type: 'signIn', officer: 'TECH1', pin: PIN, newPin: null });
    await until(({ technician }) => technician !== null);
    const crossing = cross('stevenson');
    await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
    act({ type: 'enter' });
    await until(({ mode }) => mode === 'entering');
    expect((await crossing).output.ending).toEqual({ state: 'passed' });
    const view = await until(({ mode }) => mode === 'inside');
    expect(view.outOfServiceReasons).toEqual(['diagnostics']);
  });

  test('a lane that is not ready is not given back, and the report says why', async () => {
    const { lane, world, act, until, inside } = await openBench();
    await served(lane);
    await inside();
    world.scanner.unplug();
    await until(({ workbench }) => workbench?.devices[0]?.state === 'lost');
    act({ type: 'leave' });
    const view = await until(({ notReady }) => notReady);
    expect([view.mode, view.inService]).toEqual(['inside', false]);
    expect(view.workbench?.readiness?.checks.find(({ id }) => id === 'documentScanner')).toMatchObject({
      outcome: 'failed',
    });
    world.scanner.replug();
    await until(({ workbench }) => workbench?.devices[0]?.state === 'ready');
    act({ type: 'leave' });
    expect((await until(({ mode }) => mode === 'outside')).inService).toBe(true);
  });

  test('a lane process that ends in diagnostics comes back closed: a restart is no readiness check', async () => {
    const { lane, world, inside } = await openBench();
    await served(lane);
    await inside();
    await lane.opened.close();
    const again = await HeadlessLane.open(world.profile, 33);
    await again.waitFor(({ diagnostics }) => diagnostics?.mode === 'inside');
    await again.waitFor(({ traveller }) => traveller?.step === 'outOfService');
    expect(again.supervisor('exitOfficer')?.outOfServiceReasons).toEqual(['diagnostics']);
    await again.close();
  });
});

test('a technician who is away too long is signed out, an open door is shut, and the lane stays closed', async () => {
  const bench = await openBench();
  const { lane, world, until, inside, openTestedDoor } = bench;
  let locked = false;
  const real = accounts();
  lane.opened.diagnostics.attach({
    ...real,
    state: (token) => (locked ? 'locked' : real.state(token)),
    session: (token) =>
      locked ? Promise.resolve(err({ code: 'sessionLocked', waitSeconds: null })) : real.session(token),
  });
  await served(lane);
  await inside();
  await openTestedDoor(1);
  locked = true;
  const view = await until(({ technician }) => technician === null);
  expect([view.workbench, view.signIn.problem, view.mode]).toEqual([null, 'sessionLocked', 'inside']);
  await vi.waitFor(() => expect(allDoorsShut(world)).toBe(true), { timeout: 5_000 });
  expect(lane.traveller?.step).toBe('outOfService');
});
