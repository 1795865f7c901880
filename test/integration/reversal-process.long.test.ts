import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SupervisorAction } from '../../app/contract/supervisor-view.ts';
import { castMember } from '../../app/demo/cast.ts';
import { holderScene } from '../../app/demo/play.ts';
import { DEMO_PIN } from '../../app/demo/seed-lane.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import type { LaneProfile } from '../../app/lane/lane-profile.ts';
import { flawsOf, laneData, readControl, readRecords } from '../guarantees/both-sides.ts';
import { ForkedLane } from './forked-lane.ts';
import { openReversibleWorld } from './reversible-world.ts';

const MEMBER = castMember('stevenson');
const LANE_ID = 'DEMO-1';
const DOOR_MS = 40_000;
const DONE = { ok: true, value: { type: 'done' } };

const act = (lane: ForkedLane, action: SupervisorAction) => lane.ask({ type: 'act', laneId: LANE_ID, action });
const reverse = (lane: ForkedLane) => act(lane, { type: 'reverseLane' });
const setService = (lane: ForkedLane, inService: boolean) => act(lane, { type: 'setService', inService });

async function signIn(lane: ForkedLane, officer: string): Promise<void> {
  expect(await lane.ask({ type: 'signIn', officer, pin: DEMO_PIN, newPin: null })).toEqual(DONE);
  await lane.waitFor(({ session }) => session?.state === 'signedIn' && session.officer === officer);
}

/** What the joint record and both controls' registers of one direction say, and whether they agree. */
function registersOf({ dataFolder }: LaneProfile) {
  const data = laneData(dataFolder);
  return {
    records: readRecords(data.record).map(({ state }) => state),
    exit: readControl(data.controls.exit).map(({ state }) => state),
    entry: readControl(data.controls.entry).map(({ state }) => state),
    flaws: flawsOf(data, { told: true }),
  };
}
const ONE_PASSED = { records: ['passed'], exit: ['passed'], entry: ['passed'], flaws: [] };

test('one process leads a lane the one way, then the other, and back: each with its own officers, registers and doors', {
  timeout: 120_000,
}, async () => {
  const { world, there, back } = await openReversibleWorld('twoDoor');
  const lane = await ForkedLane.start(world.profilePath);
  const doors = world.doors;
  const doorsDevice = realpathSync(world.doors.path);
  const openHere = (folder: string): readonly string[] => lane.openPaths.filter((path) => path.startsWith(folder));
  lane.stand(await liveFrames(holderScene(MEMBER.person), { count: 30, width: 640, height: 480 }));
  const present = async (): Promise<void> => {
    await world.scanner.presentDocument(MEMBER.lines);
    world.scanner.removeDocument();
  };

  // The way it was installed.
  await signIn(lane, 'P3001');
  await lane.waitFor(({ traveller, supervisor }) => traveller?.step === 'attract' && supervisor?.mayReverse === true);
  expect(lane.traveller?.direction).toEqual(there.direction);
  expect(openHere(join(back.dataFolder, '/'))).toEqual([]);
  await present();
  expect(await doors.waitFor((it) => it.door(1).openForward, DOOR_MS)).toBe(true);
  // Somebody comes in: not now, and the crossing goes on as if nobody had asked.
  expect(await reverse(lane)).toMatchObject({ ok: false, error: { code: 'notPossibleNow' } });
  await doors.walkIn(1);
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
  expect(await reverse(lane)).toMatchObject({ ok: false, error: { code: 'notPossibleNow' } });
  expect(lane.supervisor?.mayReverse).toBeUndefined();
  expect(await doors.waitFor((it) => it.door(2).openForward, DOOR_MS)).toBe(true);
  await doors.walkIn(2);
  await lane.waitFor(({ traveller, supervisor }) => traveller?.step === 'attract' && supervisor?.today.passed === 1);

  // Out of service and idle, and everything told: it is turned round.
  expect(await setService(lane, false)).toEqual(DONE);
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  await expect.poll(async () => (await reverse(lane)).ok, { timeout: DOOR_MS, interval: 250 }).toBe(true);
  await lane.waitFor(({ started }) => started === 2);
  await lane.waitFor(({ traveller }) => traveller?.direction.from === 'MAC' && traveller.step === 'outOfService');
  // Nothing of the first direction is open any more, and the doors are held once.
  expect(openHere(join(there.dataFolder, '/'))).toEqual([]);
  expect(openHere(join(back.dataFolder, '/')).length).toBeGreaterThan(0);
  expect(lane.openPaths.filter((path) => path === doorsDevice)).toHaveLength(1);
  expect(registersOf(there)).toEqual(ONE_PASSED);

  // Nobody is signed in to the other authority's lane, and it is opened by somebody who is.
  expect(await setService(lane, true)).toMatchObject({ ok: false, error: { code: 'signInNeeded' } });
  await signIn(lane, 'P3001');
  await lane.waitFor(({ supervisor }) => supervisor?.direction.from === 'MAC');
  expect(lane.supervisor).toMatchObject({ direction: back.direction, inService: false, referrals: [] });
  expect(lane.supervisor?.today.passed).toBe(0);
  expect(lane.supervisor?.outOfServiceReasons).toContain('closedByOfficer');
  expect(await setService(lane, true)).toEqual(DONE);
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  await present();
  for (const unit of [2, 1]) {
    expect(await doors.waitFor((it) => it.door(unit).openBackward, DOOR_MS), `unit ${unit}`).toBe(true);
    expect(doors.door(unit).openForward).toBe(false);
    await doors.walkBack(unit);
  }
  await lane.waitFor(({ traveller, supervisor }) => traveller?.step === 'attract' && supervisor?.today.passed === 1);

  // Back again, in the same process: it finds the first direction's day as it was left.
  await expect.poll(async () => (await reverse(lane)).ok, { timeout: DOOR_MS, interval: 250 }).toBe(true);
  await lane.waitFor(({ started }) => started === 3);
  expect(registersOf(back)).toEqual(ONE_PASSED);
  await signIn(lane, 'P3001');
  await lane.waitFor(({ supervisor }) => supervisor?.direction.from === 'CHN' && supervisor.today.passed === 1);
  expect(await setService(lane, true)).toEqual(DONE);
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  expect(openHere(join(back.dataFolder, '/'))).toEqual([]);
  expect(lane.openPaths.filter((path) => path === doorsDevice)).toHaveLength(1);
  await lane.stop();
  expect(lane.exitCode).toBe(0);
  expect(registersOf(there)).toEqual(ONE_PASSED);
});

test('killed after it was turned round it leads the way it was turned, closed; and not round again under a technician’s hands', async () => {
  const { world, back } = await openReversibleWorld('twoDoor');
  const first = await ForkedLane.start(world.profilePath);
  await signIn(first, 'P3001');
  await first.waitFor(({ traveller }) => traveller?.step === 'attract');
  expect(await reverse(first)).toEqual(DONE);
  first.kill();
  const lane = await ForkedLane.start(world.profilePath);
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  expect(lane.traveller?.direction).toEqual(back.direction);
  await signIn(lane, 'P3001');
  await lane.waitFor(({ supervisor }) => supervisor?.mayReverse === true);
  const technician = { officer: 'T4001', pin: DEMO_PIN, newPin: null };
  lane.send({ type: 'diagnostics', action: { type: 'signIn', ...technician } });
  await lane.waitFor(({ diagnostics }) => diagnostics?.technician === 'T4001');
  lane.send({ type: 'diagnostics', action: { type: 'enter' } });
  await lane.waitFor(({ supervisor }) => supervisor?.outOfServiceReasons.includes('diagnostics') === true);
  expect(await reverse(lane)).toMatchObject({ ok: false, error: { code: 'notPossibleNow' } });
  await lane.waitFor(({ supervisor }) => supervisor?.mayReverse === undefined);
});
