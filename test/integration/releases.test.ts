import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PrepareRequest } from '../../app/contract/control-protocol.ts';
import type { Side } from '../../app/contract/crossing.ts';
import type { Control } from '../../app/controls/control.ts';
import { castMember } from '../../app/demo/cast.ts';
import { holderScene } from '../../app/demo/play.ts';
import { liveFaceOf } from '../../app/demo/scenes.ts';
import { liveFrames, type Scene } from '../../app/demo/specimens/specimens.ts';
import { verifyRecordFile } from '../../app/record/verify/verify-file.ts';
import { readRecords } from '../guarantees/both-sides.ts';
import { type LaneStage, openStage, type StageOptions } from './lane-stage.ts';

// Officers release somebody whom a control or the lane has stopped: a whole lane, its doors, both controls and the record.

const EXIT = { viewer: 'exitOfficer', officer: 'E1001', second: null } as const;
const ENTRY = { viewer: 'entryOfficer', officer: 'N2001', second: null } as const;
const PORT = { viewer: 'portSupervisor', officer: 'P3001', second: null } as const;
const FRESH = { fresh: true } as const;
const FRAMES = { count: 30, width: 640, height: 480 };
const DOOR_MS = 40_000;

interface Story extends LaneStage {
  readonly asked: readonly PrepareRequest[];
  come(id: string, scene?: Scene): Promise<void>;
  /** Waits until the door opens that way, and walks through. */
  through(door: number, way?: 'forward' | 'backward'): Promise<void>;
  waiting(viewer: 'exitOfficer' | 'entryOfficer' | 'portSupervisor', code: string): Promise<string>;
  release(
    by: Parameters<LaneStage['lane']['opened']['lane']['officers']['act']>[0],
    recordId: string,
  ): Promise<unknown>;
  /** The record as the store has it, and the whole journal beside it. */
  verified(): boolean;
}

async function openStory(options: StageOptions = {}, hold: Partial<Record<Side, Promise<void>>> = {}): Promise<Story> {
  const asked: PrepareRequest[] = [];
  const watched = (side: Side, control: Control): Control => ({
    side,
    prepare: async (request, signal) => {
      asked.push(request);
      await hold[side];
      return control.prepare(request, signal);
    },
    notify: (notice, key, signal) => control.notify(notice, key, signal),
    keys: () => control.keys(),
    close: () => control.close(),
  });
  const stage = await openStage({ ...options, extra: { replaceControl: watched } });
  const { lane, world } = stage;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  return {
    ...stage,
    asked,
    come: async (id, scene) => {
      const member = castMember(id);
      lane.stand(await liveFrames(scene ?? holderScene(member.person), FRAMES));
      await world.scanner.presentDocument(member.lines);
      world.scanner.removeDocument();
    },
    through: async (door, way = 'forward') => {
      const open = way === 'forward' ? 'openForward' : 'openBackward';
      expect(await world.doors.waitFor((it) => it.door(door)[open], DOOR_MS), `door ${door} ${way}`).toBe(true);
      await (way === 'forward' ? world.doors.walkIn(door) : world.doors.walkBack(door));
    },
    waiting: async (viewer, code) => {
      const found = () => lane.supervisor(viewer)?.referrals.find((referral) => referral.code === code);
      await lane.waitFor(() => found() !== undefined);
      return found()?.recordId ?? '';
    },
    release: (by, recordId) =>
      lane.opened.lane.officers.act(by, { type: 'releaseReferral', recordId, reasonCode: 'identityConfirmed' }),
    verified: () => verifyRecordFile(join(world.profile.dataFolder, 'record.sqlite'), { keys: null, receipts: [] }).ok,
  };
}

const refusedWith = (code: string) => ({ ok: false, error: { code } });

test('a face that did not match: the exit officer releases for the exit side, the entry officer for the entry side, and the traveller goes on', async () => {
  const story = await openStory();
  const { lane, world, asked } = story;
  await story.come('stevenson', { kind: 'person', face: liveFaceOf('p10') });
  await story.through(1);
  const first = await story.waiting('exitOfficer', 'faceNotMatched');
  expect(lane.supervisor('exitOfficer')?.referrals[0]?.release).toEqual({ officers: 1 });
  expect(lane.supervisor('entryOfficer')?.referrals[0]?.release).toBeUndefined();
  expect(asked).toEqual([]);

  expect(await story.release({ ...ENTRY, ...FRESH }, first)).toMatchObject(refusedWith('notYours'));
  expect(await story.release({ ...PORT, ...FRESH }, first)).toMatchObject(refusedWith('notYours'));
  expect(await story.release(EXIT, first)).toMatchObject(refusedWith('freshAuthenticationNeeded'));
  expect(await story.release({ ...EXIT, ...FRESH }, first)).toMatchObject({ ok: true });
  expect(await story.release({ ...EXIT, ...FRESH }, first)).toMatchObject(refusedWith('alreadyResolved'));

  // The exit control clears on its officer's word; the entry control wants one of its own.
  const second = await story.waiting('entryOfficer', 'entryControlReferred');
  expect(second).not.toBe(first);
  const seen = lane.supervisor('entryOfficer')?.referrals[0];
  expect(seen?.answers).toMatchObject([{ word: 'clear' }, { word: 'refer', reason: 'releasedByOtherSide' }]);
  expect(seen?.release).toEqual({ officers: 1 });
  expect(await story.release({ ...EXIT, ...FRESH }, second)).toMatchObject(refusedWith('notYours'));
  expect(world.doors.door(3).openForward).toBe(false);
  expect(await story.release({ ...ENTRY, ...FRESH }, second)).toMatchObject({ ok: true });

  for (const door of [2, 3]) await story.through(door);
  await lane.waitFor(() => lane.reports.at(-1)?.output.ending?.state === 'passed');
  const records = readRecords(join(world.profile.dataFolder, 'record.sqlite'));
  expect(records.map(({ state, clearance }) => [state, clearance])).toEqual([
    ['resolved', 'none'],
    ['resolved', 'none'],
    ['passed', 'standing'],
  ]);
  // G5: each control was given its own officers' release only, and of the other side's no more than the bare fact.
  for (const { side, release, evidence } of asked) {
    expect(release === undefined || release.side === side).toBe(true);
    expect(JSON.stringify(evidence)).not.toMatch(/identityConfirmed|E1001|N2001/);
  }
  expect(asked.filter(({ side }) => side === 'entry').map(({ release }) => release?.grants.length ?? 0)).toEqual([
    0, 1,
  ]);
  expect(story.verified()).toBe(true);
});

test('a refusal in chamber B takes two different officers of the entry side, and the traveller goes on from there', async () => {
  let entered: () => void = () => undefined;
  const inB = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const story = await openStory({}, { entry: inB });
  const { lane, world } = story;
  await story.come('noor');
  await story.through(1);
  await story.through(2);
  await lane.waitFor(({ traveller }) => traveller?.step === 'waitForEntry');
  entered();
  const recordId = await story.waiting('entryOfficer', 'entryControlRefused');
  expect(lane.supervisor('entryOfficer')?.referrals[0]).toMatchObject({ place: 'chamberB', release: { officers: 2 } });
  expect(await story.release({ ...ENTRY, ...FRESH }, recordId)).toMatchObject(refusedWith('secondOfficerNeeded'));
  expect(await story.release({ ...ENTRY, ...FRESH, second: 'N2001' }, recordId)).toMatchObject(
    refusedWith('samePerson'),
  );
  expect(await story.release({ ...EXIT, ...FRESH, second: 'E1002' }, recordId)).toMatchObject(refusedWith('notYours'));
  expect(world.doors.door(3).openForward).toBe(false);
  expect(await story.release({ ...ENTRY, ...FRESH, second: 'N2002' }, recordId)).toMatchObject({ ok: true });
  await story.through(3);
  await lane.waitFor(() => lane.reports.at(-1)?.output.ending?.state === 'passed');
  const records = readRecords(join(world.profile.dataFolder, 'record.sqlite'));
  expect(records.map(({ state }) => state)).toEqual(['refused', 'passed']);
  expect(story.verified()).toBe(true);
});

test('whoever was refused is shown at once on the way back, and two exit officers can still let them go on', async () => {
  const story = await openStory({ topology: 'twoDoor' });
  const { lane, world } = story;
  await story.come('marta');
  await story.through(1);
  const recordId = await story.waiting('exitOfficer', 'exitControlRefused');
  expect(lane.supervisor('exitOfficer')?.referrals[0]).toMatchObject({ walkingBack: true, release: { officers: 2 } });
  await world.doors.waitFor((it) => it.door(1).openBackward, DOOR_MS);
  expect(await story.release({ ...EXIT, ...FRESH, second: 'E1002' }, recordId)).toMatchObject({ ok: true });
  await story.through(2);
  await lane.waitFor(() => lane.reports.at(-1)?.output.ending?.state === 'passed');
  expect(world.doors.door(1).openBackward).toBe(false);
  expect(story.verified()).toBe(true);
});

test('a watchlist alarm takes two, and only its own side ever learns that it does', async () => {
  const story = await openStory();
  const { lane, world } = story;
  await story.come('ines');
  await story.through(1);
  const recordId = await story.waiting('entryOfficer', 'entryControlReferred');
  expect(lane.supervisor('entryOfficer')?.referrals[0]?.release).toEqual({ officers: 2 });
  for (const viewer of ['exitOfficer', 'portSupervisor'] as const)
    expect(lane.supervisor(viewer)?.referrals[0]?.release).toBeUndefined();
  expect(await story.release({ ...ENTRY, ...FRESH }, recordId)).toMatchObject(refusedWith('secondOfficerNeeded'));
  expect(await story.release({ ...ENTRY, ...FRESH, second: 'N2002' }, recordId)).toMatchObject({ ok: true });
  await story.through(2);
  await story.through(3);
  await lane.waitFor(() => lane.reports.at(-1)?.output.ending?.state === 'passed');
  expect(readRecords(join(world.profile.dataFolder, 'record.sqlite')).at(-1)?.clearance).toBe('standing');
});

test('two people in the lane are nobody’s to release, and nor is somebody who is not in it', async () => {
  const story = await openStory();
  const { lane, world } = story;
  await story.come('olga');
  const outside = await story.waiting('exitOfficer', 'documentCheckFailed');
  expect(lane.supervisor('exitOfficer')?.referrals[0]?.release).toBeUndefined();
  expect(await story.release({ ...EXIT, ...FRESH }, outside)).toMatchObject(refusedWith('notPossibleNow'));
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  await story.come('stevenson');
  expect(await world.doors.waitFor((it) => it.door(1).openForward, DOOR_MS)).toBe(true);
  await world.doors.tailgate(1);
  const several = await story.waiting('exitOfficer', 'tailgating');
  expect(
    lane.supervisor('exitOfficer')?.referrals.find(({ recordId }) => recordId === several)?.release,
  ).toBeUndefined();
  expect(await story.release({ ...EXIT, ...FRESH }, several)).toMatchObject(refusedWith('notReleasable'));
  for (const door of [2, 3]) expect(world.doors.door(door).openForward).toBe(false);
});
