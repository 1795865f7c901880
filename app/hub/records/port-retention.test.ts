import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { createControls, fakeClock, opening, traveller } from '../../record/crossing.fixture.ts';
import { chain, NO_HASH } from '../../record/journal.ts';
import { openPortBench, urlOf } from '../hub-bench.fixture.ts';
import type { UploadedEntry } from '../journals/collected-journals.ts';
import type { Hub } from '../open-hub.ts';
import { startPortRetention } from './port-retention.ts';

const bench = await openPortBench();
afterAll(() => bench?.dispose());

const LANE = 'lane-1';
const DAY_MS = 86_400_000;
const OLD = '2026-01-01T08:00:00.000Z';
const YOUNG = '2026-02-20T08:00:00.000Z';
const clock = fakeClock(OLD);

/** A lane's own journal, as it is uploaded: one audit line for each instant. */
function journal(instants: readonly string[]): readonly UploadedEntry[] {
  let head = { seq: 0, hash: NO_HASH };
  return instants.map((at) => {
    const payload = { event: 'laneStarted', owner: 'port', facts: {} };
    const { entry, payloadText } = chain({ type: 'audit', recordId: null, payload }, head, at);
    const { seq, type, prevHash, hash } = entry;
    head = { seq, hash };
    return { seq, at, type, record_id: null, payload: payloadText, prev_hash: prevHash, hash };
  });
}

describe.skipIf(bench === null)('retention at a port', () => {
  if (bench === null) return;
  const controlKeys = createControls().keys;
  let hub: Hub;
  beforeAll(async () => {
    await bench.freshDatabase();
    hub = await bench.openHub({ controlKeys, clock: clock.now });
  });
  afterAll(() => hub.close());

  const ask = async (query: string): Promise<readonly unknown[]> => {
    const pool = new Pool(bench.connection);
    const { rows } = await pool.query(query);
    await pool.end();
    return rows;
  };
  /** One run, thirty days being kept. */
  const erase = async (): Promise<void> => {
    const started = await startPortRetention({
      connection: bench.connection,
      signingKeyPem: bench.hubKey.pem,
      controlKeys,
      records: hub.parts.records,
      keepDays: 30,
      clock: { nowMs: () => clock.now().getTime(), after: () => () => undefined },
    });
    await unwrap(started).stop();
    const [last] = await ask(
      `SELECT at FROM journal WHERE chain = '${LANE}' AND type = 'erased' ORDER BY seq DESC LIMIT 1`,
    );
    expect(last).toEqual({ at: clock.now().toISOString() });
  };

  test('what is past its time goes, of lanes’ own journals too; what is not stays, and the hub goes on', async () => {
    const store = await bench.openStore(LANE, [urlOf(hub.lanePort)]);
    unwrap(await store.beginLife(LANE));
    const endOne = async (): Promise<string> => {
      const record = opening(traveller(randomUUID()), undefined, LANE);
      unwrap(await store.open(record));
      unwrap(await store.end(record.recordId, { type: 'abandoned', code: 'didNotEnter' }));
      return record.recordId;
    };
    await endOne();
    const storeId = randomUUID();
    const entries = journal([OLD, OLD, YOUNG, YOUNG]);
    const { journals } = hub.parts;
    expect(unwrap(await journals.take(LANE, storeId, entries.slice(0, 3))).nextSeq).toBe(4);
    clock.advance(50 * DAY_MS);
    const young = await endOne();

    await erase();
    expect(await ask('SELECT record_id FROM records')).toEqual([{ record_id: young }]);
    expect(await ask('SELECT seq::int FROM hub_journal_entries')).toEqual([{ seq: 3 }]);

    // A repeat after a lost answer is taken as ever, also of what is gone; a changed one is not.
    expect(unwrap(await journals.take(LANE, storeId, entries)).nextSeq).toBe(5);
    const forged = { ...entries[2], payload: '{}' } as UploadedEntry;
    expect(await journals.take(LANE, storeId, [{ ...forged, hash: 'a'.repeat(64) }])).toMatchObject({
      error: { code: 'journalForked', seq: 3 },
    });
    await endOne();

    clock.advance(50 * DAY_MS);
    await erase();
    expect(await ask('SELECT record_id FROM records')).toEqual([]);
    expect(await ask('SELECT seq FROM hub_journal_entries')).toEqual([]);
    expect(unwrap(await journals.nextSeq(LANE, storeId))).toBe(5);
    await store.close();
  }, 60_000);
});
