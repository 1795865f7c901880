import { expect, test, vi } from 'vitest';
import { allDoorsShut, openStage } from './lane-stage.ts';

const LINE = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('cut, doubled, non-ASCII and endless lines: ask again, raise an alarm, open nothing, serve the next', async () => {
  const { world, lane, alarms, nextIsServed, cross } = await openStage({ delays: { showEnd: 150 } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const garbage = [
    ['tooShort', text('P<UTOERIKSSON<<ANNA<MAR\r')],
    [null, text(`${LINE}\r${LINE}\r`)],
    ['unreadable', new Uint8Array(88).fill(0xc3)],
    ['unreadable', text('<'.repeat(20_000))],
  ] as const;
  for (const [advice, bytes] of garbage) {
    await world.scanner.presentBytes(bytes);
    world.scanner.removeDocument();
    await lane.waitFor(({ traveller }) => traveller?.step === 'documentAgain');
    expect(lane.traveller?.documentAdvice).toBe(advice);
    expect(allDoorsShut(world)).toBe(true);
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  }
  expect(alarms().filter((alarm) => alarm.startsWith('scannerGarbage')).length).toBeGreaterThanOrEqual(2);
  const journal = lane
    .supervisor('exitOfficer')
    ?.timeline.filter(({ event }) => event === 'scannerGarbage' || event === 'documentUnreadable');
  expect(journal?.length).toBeGreaterThanOrEqual(4);

  // One that can be read and has expired is an officer's, as every other reason: the screen says no more than that.
  const expired = cross('olga');
  await lane.waitFor(({ traveller }) => traveller?.step === 'seeOfficer');
  expect(lane.traveller).toMatchObject({ documentAdvice: null, hint: null, stationsReached: 0 });
  expect((await expired).output.place).toBe('outside');
  expect(lane.supervisor('exitOfficer')?.referrals.at(-1)).toMatchObject({ code: 'documentCheckFailed' });
  await nextIsServed();
});

test('a scanner that is unplugged takes the lane out of service until it is back; a crossing under way goes on', async () => {
  const { world, lane, alarms, nextIsServed, cross } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  world.scanner.unplug();
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  expect(alarms()).toContain('deviceLost documentScanner unplugged');
  world.scanner.replug();
  await nextIsServed();

  const crossing = cross('stevenson');
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
  world.scanner.unplug();
  expect((await crossing).output.ending).toEqual({ state: 'passed' });
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  world.scanner.replug();
  await nextIsServed();
});

test('a scanner that comes and goes keeps the lane out of service until it was steady for a while', async () => {
  const { world, lane, alarms, nextIsServed } = await openStage({
    extra: { fitting: { slowPollMs: 50, flapRule: { losses: 3, windowMs: 30_000, steadyMs: 1_500 } } },
  });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const deviceState = () =>
    lane.supervisor('portSupervisor')?.devices.find(({ name }) => name === 'documentScanner')?.state;
  for (let time = 1; time <= 3; time += 1) {
    world.scanner.unplug();
    await lane.waitFor(() => deviceState() === 'lost');
    world.scanner.replug();
    if (time < 3) await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  }
  // It is there again, and still not trusted.
  await vi.waitFor(() => expect(lane.opened.devices.documentScanner.ready).toBe(true), { timeout: 5_000, interval: 5 });
  const { outOfServiceReasons, devices } = lane.supervisor('portSupervisor') ?? {};
  expect(outOfServiceReasons).toEqual(['scannerLost']);
  expect(devices?.find(({ name }) => name === 'documentScanner')).toMatchObject({ state: 'lost', detail: 'flapping' });
  expect(alarms()).toContain('deviceLost documentScanner flapping');
  await nextIsServed();
});
