import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../app/contract/result.ts';
import { Diary } from '../../app/lane/diary.ts';
import { endOrphans } from '../../app/lane/recovery.ts';
import type { JointRecordStore } from '../../app/record/store.ts';
import { killLane } from '../chaos/kill-lane.ts';
import { flawsOf, readRecords } from './both-sides.ts';
import { askControls, type MiniLane, openMiniLane, releaseAsked } from './mini-lane.ts';

// G4: after `kill -9` at any step the lane restarts, every record reaches an end, nothing is counted twice, no door opens by itself.
// The long tier is `npm run chaos` (300 kills and more of a real lane); beside this `app/record/sqlite/g4-kill.test.ts`,
// `app/controls/embedded/kill.test.ts`, `app/record/sqlite/torn-wal.test.ts`, `npm run model-check`.

const KILLS = Number(process.env.JOINTGATE_LANE_KILLS ?? 2);
const folder = mkdtempSync(join(tmpdir(), 'jointgate-g4-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`a real lane over pseudo-terminals, killed ${KILLS} times: it comes back, and all guarantees hold on both sides’ data`, {
  timeout: 60_000 + KILLS * 15_000,
}, async () => {
  const report = await killLane({ folder, kills: KILLS });
  expect(report.flaws).toEqual([]);
  expect(report.kills).toBeGreaterThanOrEqual(KILLS);
});

/** A lane restarts: its last door's counter stands at `counter`. */
async function restart(lane: MiniLane, store: JointRecordStore, counter: number): Promise<void> {
  const doors = {
    readState: async () => ok({ doors: [{ door: 3, occupied: { exit: false, entry: false }, countForward: counter }] }),
  };
  const quiet = (): undefined => undefined;
  const diary = new Diary(store, { nowMs: () => lane.clock.nowMs() } as never, quiet, quiet);
  unwrap(await store.beginLife('L1'));
  unwrap(await endOrphans({ laneId: 'L1', store, doors: doors as never, diary }));
}

/** Records left behind at every step, as a killed lane leaves them. */
async function leaveBehind(lane: MiniLane): Promise<void> {
  const { store } = lane.record;
  await askControls(lane, { holder: 0 });
  const committed = await askControls(lane, { holder: 1 });
  unwrap(await store.commit(committed.recordId));
  const released = await askControls(lane, { holder: 2 });
  unwrap(await store.commit(released.recordId));
  unwrap(await releaseAsked(store, released.recordId));
}

const ended = (lane: MiniLane) => readRecords(lane.data.record).map(({ state }) => state);

describe('what a dead lane left behind', () => {
  test.each([
    ['nobody went through', 41, ['abandoned', 'voided', 'voided']],
    ['somebody went through', 42, ['abandoned', 'voided', 'passed']],
    ['the counter says neither', 57, ['abandoned', 'voided', 'referred']],
  ])('%s: every record ends as the door counted', async (_what, counter, states) => {
    const lane = await openMiniLane();
    await leaveBehind(lane);
    await lane.record.store.close();
    await restart(lane, await lane.record.open(), counter);
    expect(ended(lane)).toEqual(states);
    await lane.dispose();
  });

  test.each([
    ['an hour forward', 3_600_000],
    ['an hour back', -3_600_000],
    ['a year back', -365 * 86_400_000],
  ])('the clock stepped %s while it was dead: the same ends, both sides agree', async (_what, byMs) => {
    const lane = await openMiniLane();
    await leaveBehind(lane);
    await lane.record.store.close();
    lane.clock.advance(byMs);
    const store = await lane.record.open();
    await restart(lane, store, 42);
    expect(ended(lane)).toEqual(['abandoned', 'voided', 'passed']);
    for (const side of ['exit', 'entry'] as const) {
      const { control } = lane.sides[side];
      for (const { id, notice } of unwrap(await store.outbox(side, 100))) {
        unwrap(control.handleNotice(notice, `${notice.recordId}:${notice.step}`));
        unwrap(await store.noticeDelivered(id));
      }
    }
    expect(flawsOf(lane.data, { told: true })).toEqual([]);
    await lane.dispose();
  });

  test('a dead life’s requests that arrive after the restart are refused, each and every one', async () => {
    const lane = await openMiniLane();
    const { store } = lane.record;
    const dead = unwrap(await store.beginLife('L1'));
    await leaveBehind(lane);
    const records = readRecords(lane.data.record);
    await restart(lane, store, 42);
    const before = flawsOf(lane.data, { told: false });
    for (const { recordId } of records) {
      for (const late of [
        await store.commit(recordId, dead),
        await store.end(recordId, { type: 'passed', passagesAfter: 42 }, dead),
        await store.append(recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 42 }, dead),
      ]) {
        expect(late).toMatchObject({ ok: false, error: { code: 'earlierLife' } });
      }
    }
    expect(ended(lane)).toEqual(['abandoned', 'voided', 'passed']);
    expect(before).toEqual([]);
    await lane.dispose();
  });
});

describe('power loss', () => {
  test('the write-ahead log torn in its last page, at every place of it: nothing acknowledged before is missing', async () => {
    const lane = await openMiniLane();
    const { store, path } = lane.record;
    await askControls(lane, { holder: 0 });
    const file = readFileSync(path);
    const wal = readFileSync(`${path}-wal`);
    const before = readRecords(path).length;
    // Not acknowledged yet when the power fails: it may be there or not, and nothing else.
    const unsynced = await askControls(lane, { holder: 1 });
    const grown = readFileSync(`${path}-wal`);
    await store.close();
    const copy = join(folder, 'torn.db');
    for (const cut of [
      wal.length,
      wal.length + 1,
      wal.length + 24,
      wal.length + 2_000,
      grown.length - 4_096,
      grown.length - 1,
    ]) {
      writeFileSync(copy, file);
      writeFileSync(`${copy}-wal`, grown);
      truncateSync(`${copy}-wal`, cut);
      rmSync(`${copy}-shm`, { force: true });
      const opened = await lane.record.open({ path: copy });
      const found = readRecords(copy);
      expect(
        found.slice(0, before).map(({ state }) => state),
        `cut at ${cut}`,
      ).toEqual(['prepared']);
      expect(found.filter(({ recordId }) => recordId !== unsynced.recordId)).toHaveLength(before);
      await opened.close();
      expect(
        flawsOf({ ...lane.data, record: copy }, { told: false }).filter((flaw) => flaw.startsWith('record')),
      ).toEqual([]);
    }
    await lane.dispose();
  });
});
