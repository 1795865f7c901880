import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { opening, traveller } from '../crossing.fixture.ts';
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

  test('a store slower than its limit is given up: nothing is claimed, nothing hangs', async () => {
    const bench = await sqliteBench();
    const store = await bench.open({ timeoutMs: 300 });
    const other = new Database(bench.path);
    other.exec('BEGIN IMMEDIATE');
    const record = opening(traveller());
    expect(await store.open(record)).toMatchObject(failed(/^workerTimeout: open/));
    expect(await store.read(record.recordId)).toMatchObject(failed(/^workerTimeout: open/));
    other.exec('ROLLBACK');
    other.close();
    await store.close();
    await bench.dispose();
  });
});
