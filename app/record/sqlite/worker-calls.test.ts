import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { LANE_ID, opening, traveller, walkThrough } from '../crossing.fixture.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { respawningCalls } from './respawning-calls.ts';
import { sqliteBench } from './sqlite.fixture.ts';
import { workerCalls } from './worker-calls.ts';

const failed = (detail: RegExp) => ({
  ok: false,
  error: { code: 'storeFailed', detail: expect.stringMatching(detail) },
});
const fake = (source: string) =>
  new Worker(`const { parentPort } = require('node:worker_threads');${source}`, { eval: true });
const READY = `parentPort.postMessage({ ready: { ok: true } });`;

describe('a worker that is not well', () => {
  test('dies before it is ready', async () => {
    const calls = workerCalls(fake('process.exit(3)'), 1_000);
    expect(await calls.ready).toMatchObject(failed(/workerDied.*3/));
    expect((await calls.call('read', ['x'], 0)).result).toMatchObject(failed(/workerDied/));
    await calls.close(0);
  });

  test('throws while it starts', async () => {
    const calls = workerCalls(fake(`throw new Error('no such module')`), 1_000);
    expect(await calls.ready).toMatchObject(failed(/workerDied: no such module/));
  });

  test('dies with requests under way: every one of them fails', async () => {
    const calls = workerCalls(fake(`${READY} parentPort.on('message', () => process.exit(0));`), 5_000);
    expect(await calls.ready).toEqual({ ok: true });
    const replies = await Promise.all([1, 2, 3].map(() => calls.call('read', ['x'], 0)));
    for (const { result } of replies) expect(result).toMatchObject(failed(/workerDied/));
  });

  test('hangs: the request fails at its limit, and the worker is never believed again', async () => {
    const calls = workerCalls(fake(`${READY} parentPort.on('message', () => { for (;;); });`), 100);
    expect(await calls.ready).toEqual({ ok: true });
    expect((await calls.call('read', ['x'], 0)).result).toMatchObject(failed(/workerTimeout: read/));
    expect((await calls.call('live', ['x'], 0)).result).toMatchObject(failed(/workerTimeout: read/));
    await calls.close(0);
  });

  test('never says that it is ready', async () => {
    const calls = workerCalls(fake('setInterval(() => {}, 1000)'), 25);
    expect(await calls.ready).toMatchObject(failed(/workerTimeout/));
    await calls.close(0);
  });
});

describe('a lost worker', () => {
  const echo = `${READY} parentPort.on('message', ({ id, op }) =>
    op === 'audit' ? process.exit(0) : parentPort.postMessage({ id, result: { ok: true, value: op }, unsigned: 0 }));`;
  const lose = 'audit';

  test('is replaced by the next call, but not more often than once in a pause', async () => {
    let spawned = 0;
    let nowMs = 0;
    const spawn = () => workerCalls(fake(echo), 5_000);
    const first = spawn();
    await first.ready;
    const counted = () => {
      spawned++;
      return spawn();
    };
    const calls = respawningCalls(first, counted, 1_000, () => nowMs);
    expect((await calls.call(lose, [], 0)).result).toMatchObject(failed(/workerDied/));
    expect((await calls.call('live', ['x'], 0)).result).toMatchObject(failed(/workerDied/));
    nowMs = 1_000;
    const replies = await Promise.all([1, 2, 3].map(() => calls.call('live', ['x'], 0)));
    for (const { result } of replies) expect(result).toEqual({ ok: true, value: 'live' });
    expect(spawned).toBe(1);
    await calls.close(0);
  });

  test('whose replacement cannot open the file leaves every call failed, in words', async () => {
    let nowMs = 0;
    const first = workerCalls(fake(echo), 5_000);
    await first.ready;
    const refusing = () =>
      workerCalls(
        fake(
          `parentPort.postMessage({ ready: { ok: false, error: { code: 'storeFailed', detail: 'SQLITE_CORRUPT' } } })`,
        ),
        5_000,
      );
    const calls = respawningCalls(first, refusing, 1_000, () => nowMs);
    await calls.call(lose, [], 0);
    nowMs = 5_000;
    expect((await calls.call('live', ['x'], 0)).result).toMatchObject(failed(/^SQLITE_CORRUPT/));
    await calls.close(0);
  });
});

describe('a file that another process holds', () => {
  test('fails in words after the busy limit and works again afterwards', async () => {
    const bench = await sqliteBench();
    const other = new Database(bench.path);
    other.exec('BEGIN IMMEDIATE');
    expect(await bench.store.open(opening(traveller()))).toMatchObject(failed(/^SQLITE_BUSY/));
    other.exec('ROLLBACK');
    expect((await bench.store.open(opening(traveller()))).ok).toBe(true);
    other.close();
    await bench.dispose();
  });

  test('a worker slower than its limit is given up; a new one takes its place once the file is free', async () => {
    const bench = await sqliteBench();
    const store = await bench.open({ timeoutMs: 300 });
    const other = new Database(bench.path);
    other.exec('BEGIN IMMEDIATE');
    const record = opening(traveller());
    expect(await store.open(record)).toMatchObject(failed(/^workerTimeout: open/));
    expect(await store.read(record.recordId)).toMatchObject(failed(/^workerTimeout: open/));
    other.exec('ROLLBACK');
    other.close();
    // Whether the lost worker still wrote the record is unknown, and the store says so by being asked.
    await vi.waitFor(async () => expect((await store.live(LANE_ID)).ok).toBe(true), { timeout: 10_000, interval: 200 });
    await walkThrough({ ...bench, store });
    await store.close();
    expect(verifyRecordFile(bench.path, { keys: null, receipts: [] }).findings).toEqual([]);
    await bench.dispose();
  });
});
