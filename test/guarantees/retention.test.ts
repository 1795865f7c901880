import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AuditEntry } from '../../app/contract/audit-events.ts';
import { err, ok, unwrap } from '../../app/contract/result.ts';
import { FakeClock, openBench, specimenNotice, specimenRequest } from '../../app/controls/test-kit.ts';
import { fakeClock, walkThrough } from '../../app/record/crossing.fixture.ts';
import { RetentionJob } from '../../app/record/retention-job.ts';
import { sqliteBench } from '../../app/record/sqlite/sqlite.fixture.ts';
import { verifyRecordFile } from '../../app/record/verify/verify-file.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A record and both its controls with one crossing each, under one clock. */
async function aDayOld() {
  const clock = new FakeClock();
  const recordClock = fakeClock(new Date(clock.nowMs()).toISOString());
  const bench = await sqliteBench({ fakeClock: recordClock });
  const walk = await walkThrough(bench);
  const { recordId } = walk.record;
  for (const side of ['exit', 'entry'] as const)
    for (const { id } of unwrap(await bench.store.outbox(side, 10))) unwrap(await bench.store.noticeDelivered(id));
  const sides = { exit: await openBench('exit', { clock }), entry: await openBench('entry', { clock }) };
  for (const side of ['exit', 'entry'] as const) {
    const { control } = sides[side];
    unwrap(control.handlePrepare(specimenRequest(side, { recordId })));
    unwrap(control.handleNotice(specimenNotice(side, 'receipt', recordId), 'r'));
  }
  onTestFinished(async () => {
    await bench.dispose();
    await sides.exit.dispose();
    await sides.entry.dispose();
  });
  const pass = (ms: number): void => {
    recordClock.advance(ms);
    clock.advance(ms);
  };
  return { clock, pass, bench, sides, recordId };
}

test('by the clock: nothing before its time, everything after it, audited, and not a byte of it left', async () => {
  const { clock, pass, bench, sides, recordId } = await aDayOld();
  const audits: AuditEntry[] = [];
  const job = new RetentionJob({
    record: bench.store,
    audit: async (entry) => {
      audits.push(entry);
      return bench.store.audit(entry);
    },
    controls: [sides.exit.control, sides.entry.control],
    keepDays: { record: 30, controls: 7 },
    clock,
    everyMs: HOUR_MS,
  });
  expect(await job.run()).toMatchObject({ records: 0, crossings: { exit: 0, entry: 0 } });
  pass(7 * DAY_MS + 1);
  expect(await job.run()).toMatchObject({ records: 0, crossings: { exit: 1, entry: 1 } });
  expect(audits.map(({ event, owner }) => [event, owner])).toEqual([
    ['controlDataErased', 'exit'],
    ['controlDataErased', 'entry'],
  ]);
  expect(unwrap(sides.exit.control.stateOf(recordId))).toBeNull();
  pass(23 * DAY_MS);
  expect(await job.run()).toMatchObject({ records: 1, crossings: { exit: 0, entry: 0 } });
  expect((await bench.store.read(recordId)).ok).toBe(false);
  // The journal says what was erased; of the record itself nothing is left on any page of any file.
  for (const folder of [join(bench.path, '..'), sides.exit.dataDir, sides.entry.dataDir]) {
    const holding = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => !path.endsWith('keys') && readFileSync(path).includes(recordId));
    expect(holding).toEqual([]);
  }
  expect(verifyRecordFile(bench.path, { keys: null, receipts: [] }).findings).toEqual([]);
});

test('it runs at its start and then at every hour, one run after the other', async () => {
  const clock = new FakeClock();
  const ran: number[] = [];
  const job = new RetentionJob({
    record: { eraseBefore: async () => ok({ records: 0, firstSeq: 1 }) },
    audit: async () => ok(1),
    controls: [],
    keepDays: { record: 1, controls: 1 },
    clock,
    everyMs: HOUR_MS,
    onRun: ({ atMs }) => ran.push(atMs),
  });
  const begun = clock.nowMs();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  job.start();
  await turn();
  for (let hour = 0; hour < 3; hour++) {
    clock.advance(HOUR_MS);
    await turn();
  }
  expect(ran.map((atMs) => (atMs - begun) / HOUR_MS)).toEqual([0, 1, 2, 3]);
  await job.stop();
  clock.advance(HOUR_MS);
  await turn();
  expect(ran).toHaveLength(4);
});

test('what cannot be erased is said aloud and tried again; the others are erased all the same', async () => {
  const audits: AuditEntry[] = [];
  let broken = true;
  const job = new RetentionJob({
    record: {
      eraseBefore: async () =>
        broken ? err({ code: 'storeFailed', detail: 'SQLITE_FULL' }) : ok({ records: 3, firstSeq: 1 }),
    },
    audit: async (entry) => {
      audits.push(entry);
      return ok(1);
    },
    controls: [
      { side: 'exit', erase: () => (broken ? err({ code: 'storeFailed' }) : ok(2)) },
      { side: 'entry', erase: () => ok(5) },
    ],
    keepDays: { record: 30, controls: 7 },
    clock: new FakeClock(),
  });
  expect(await job.run()).toMatchObject({ records: null, crossings: { exit: null, entry: 5 } });
  expect(audits.map(({ event, owner, facts }) => [event, owner, facts.what ?? facts.side])).toEqual([
    ['retentionFailed', 'exit', 'exit control'],
    ['controlDataErased', 'entry', 'entry'],
    ['retentionFailed', 'port', 'record'],
  ]);
  broken = false;
  expect(await job.run()).toMatchObject({ records: 3, crossings: { exit: 2, entry: 5 } });
});

test('data is kept for a day at least', () => {
  const options = {
    record: { eraseBefore: async () => ok({ records: 0, firstSeq: 1 }) },
    audit: async () => ok(1),
    controls: [],
    clock: new FakeClock(),
  };
  expect(() => new RetentionJob({ ...options, keepDays: { record: 0, controls: 7 } })).toThrow(RangeError);
});
