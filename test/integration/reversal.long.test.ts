import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { castMember } from '../../app/demo/cast.ts';
import { HeadlessLane } from '../../app/demo/headless-lane.ts';
import { holderScene } from '../../app/demo/play.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import { laneHeading } from '../../app/lane/lane-heading.ts';
import { readRecords } from '../guarantees/both-sides.ts';
import { openStage } from './lane-stage.ts';
import { openReversibleWorld } from './reversible-world.ts';

const EXIT = { viewer: 'exitOfficer', officer: 'E1001', second: null } as const;
const PORT = { viewer: 'portSupervisor', officer: 'P3001', second: null } as const;
const REVERSE = { type: 'reverseLane' } as const;
const DOOR_MS = 40_000;

test('an idle lane is reversed by the port: it stays closed until somebody has looked, and its doors are met from the other end', async () => {
  const { world } = await openReversibleWorld('threeDoor');

  let reopened: () => void = () => undefined;
  const reopening = new Promise<void>((resolve) => {
    reopened = resolve;
  });
  const there = unwrap(laneHeading(world.profilePath));
  const lane = await HeadlessLane.open(there.profile, 33, {
    reversal: there.reversal === null ? null : { to: there.reversal, reopen: reopened },
  });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  await lane.waitFor(() => lane.supervisor('portSupervisor')?.mayReverse === true);
  expect(lane.supervisor('exitOfficer')?.mayReverse).toBeUndefined();
  const { officers } = lane.opened.lane;
  expect(await officers.act(EXIT, REVERSE)).toMatchObject({ error: { code: 'notAllowed' } });

  // Somebody comes: a lane with a traveller in it is not turned round.
  lane.stand(await liveFrames(holderScene('p03'), { count: 30, width: 640, height: 480 }));
  await world.scanner.presentDocument(castMember('olga').lines);
  world.scanner.removeDocument();
  await lane.waitFor(() => (lane.supervisor('exitOfficer')?.referrals.length ?? 0) > 0);
  expect(await officers.act(PORT, REVERSE)).toMatchObject({ error: { code: 'notPossibleNow' } });
  const recordId = lane.supervisor('exitOfficer')?.referrals[0]?.recordId ?? '';
  const resolve = {
    type: 'resolveReferral',
    recordId,
    action: 'handedToManualLane',
    reasonCode: 'notEligible',
  } as const;
  expect(await officers.act(EXIT, resolve)).toMatchObject({ ok: true });
  await expect.poll(async () => (await officers.act(PORT, REVERSE)).ok, { timeout: DOOR_MS, interval: 250 }).toBe(true);
  await reopening;
  await lane.close();

  const heading = unwrap(laneHeading(world.profilePath));
  expect(heading.profile.direction).toEqual({ from: 'MAC', to: 'CHN' });
  const reversed = await HeadlessLane.open(heading.profile, 33);
  onTestFinished(() => reversed.close());
  await reversed.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  expect(reversed.traveller?.direction).toEqual({ from: 'MAC', to: 'CHN' });
  expect(reversed.supervisor('portSupervisor')?.outOfServiceReasons).toContain('closedByOfficer');
  expect(await reversed.opened.lane.officers.act(PORT, { type: 'setService', inService: true })).toMatchObject({
    ok: true,
  });
  await reversed.waitFor(({ traveller }) => traveller?.step === 'attract');

  const member = castMember('stevenson');
  reversed.stand(await liveFrames(holderScene(member.person), { count: 30, width: 640, height: 480 }));
  await world.scanner.presentDocument(member.lines);
  world.scanner.removeDocument();
  // The units stand where they stood: the first door is the one that was the last.
  for (const unit of [3, 2, 1]) {
    expect(await world.doors.waitFor((it) => it.door(unit).openBackward, DOOR_MS), `unit ${unit}`).toBe(true);
    expect(world.doors.door(unit).openForward).toBe(false);
    await world.doors.walkBack(unit);
  }
  await reversed.waitFor(() => reversed.reports.at(-1)?.output.ending?.state === 'passed');
  const records = readRecords(join(heading.profile.dataFolder, 'record.sqlite'));
  expect(records.map(({ state, clearance }) => [state, clearance])).toEqual([['passed', 'standing']]);
});

test('a lane that is fitted for one direction says so', async () => {
  const { lane } = await openStage({ topology: 'twoDoor' });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  expect(lane.supervisor('portSupervisor')?.mayReverse).toBeUndefined();
  expect(await lane.opened.lane.officers.act(PORT, REVERSE)).toMatchObject({ error: { code: 'notReversible' } });
  expect(lane.supervisor('portSupervisor')?.inService).toBe(true);
});
