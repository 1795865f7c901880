import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { checkpointSchema, verifyCheckpoint } from '../checkpoint.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { type SqliteBench, sqliteBench } from './sqlite.fixture.ts';

let bench: SqliteBench;
beforeEach(async () => {
  bench = await sqliteBench();
});
afterEach(async () => {
  vi.useRealTimers();
  await bench.dispose();
});

const line = { event: 'deviceReady', recordId: null, owner: 'port', facts: { device: 'door 1' } } as const;

function signed(): readonly number[] {
  const db = new Database(bench.path, { readonly: true });
  const seqs = db.prepare<[], number>('SELECT seq FROM checkpoints ORDER BY seq').pluck().all();
  db.close();
  return seqs;
}

describe('checkpoints (G7)', () => {
  test('every 100 entries, in the transaction of the hundredth', async () => {
    let seq = 0;
    while (seq < 350) {
      seq = unwrap(await bench.store.audit(line));
      const last = signed().at(-1) ?? 0;
      expect(seq - last).toBeLessThan(100);
    }
    expect(signed()).toEqual([100, 200, 300]);
  });

  test('60 s after the oldest unsigned entry, with the next one', async () => {
    unwrap(await bench.store.audit(line));
    bench.clock.advance(59_999);
    unwrap(await bench.store.audit(line));
    expect(signed()).toEqual([]);
    bench.clock.advance(1);
    const seq = unwrap(await bench.store.audit(line));
    expect(signed()).toEqual([seq]);
  });

  test('60 s after the last entry of a lane that falls silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const seq = unwrap(await bench.store.audit(line));
    await vi.advanceTimersByTimeAsync(59_999);
    expect(signed()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    await vi.waitFor(() => expect(signed()).toEqual([seq]));
  });

  test('on demand, once for one head, and when the store is closed', async () => {
    const seq = unwrap(await bench.store.audit(line));
    unwrap(await bench.store.checkpoint());
    unwrap(await bench.store.checkpoint());
    expect(signed()).toEqual([seq]);
    const last = unwrap(await bench.store.audit(line));
    await bench.store.close();
    expect(signed()).toEqual([seq, last]);
  });

  test('are verifiable with the lane’s public key alone', async () => {
    unwrap(await bench.store.audit(line));
    await bench.store.close();
    const db = new Database(bench.path, { readonly: true });
    const text = db.prepare<[], string>('SELECT checkpoint FROM checkpoints').pluck().get()!;
    db.close();
    const checkpoint = checkpointSchema.parse(JSON.parse(text));
    expect(verifyCheckpoint(checkpoint, bench.laneKey.publicKeyRaw)).toBe(true);
    const moved = { ...checkpoint, body: { ...checkpoint.body, seq: checkpoint.body.seq - 1 } };
    expect(verifyCheckpoint(moved, bench.laneKey.publicKeyRaw)).toBe(false);
  });

  test('a lane with another key goes on in the same journal, and both keys are known', async () => {
    unwrap(await bench.store.audit(line));
    await bench.store.close();
    const other = await sqliteBench();
    const store = await bench.open({ laneSigningKey: other.options.laneSigningKey });
    unwrap(await store.audit(line));
    await store.close();
    expect(verifyRecordFile(bench.path, { keys: null, receipts: [] })).toMatchObject({ ok: true, unsigned: 0 });
    await other.dispose();
  });
});
