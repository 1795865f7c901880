import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { createSealingKey, seal } from '../../crypto/sealing.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import {
  createControls,
  fakeClock,
  LANE_ID,
  opening,
  traveller,
  walkThrough,
  walkToAsked,
  walkToCommitted,
} from '../crossing.fixture.ts';
import type { JointRecordStore } from '../store.ts';
import { exportPgPort, reconcilePgPort } from '../verify/postgres-port.ts';
import type { SideRecord } from '../verify/side-view.ts';
import { verifyPgChain } from '../verify/verify-postgres.ts';
import type { DevPostgres } from './dev-server.ts';
import { openPgRecordStore } from './pg-store.ts';
import { startTestServer } from './test-server.fixture.ts';

// What an auditor of either side does with a port: more records and entries than are read at once.
const server = await startTestServer('port-audit');
afterAll(() => server?.close());

const clock = fakeClock();
const controls = createControls();
const { pem } = createSigningKey();

const open = async (connection: DevPostgres['connection']) =>
  unwrap(await openPgRecordStore({ connection, signingKeyPem: pem, controlKeys: controls.keys, clock: clock.now }));

/** One that was opened and given up. */
async function walkOnLane(store: JointRecordStore, laneId: string): Promise<void> {
  const record = opening(traveller(), undefined, laneId);
  unwrap(await store.open(record));
  unwrap(await store.end(record.recordId, { type: 'abandoned', code: 'didNotEnter' }));
}

describe.skipIf(server === null)('a port in PostgreSQL, as an auditor reads it', () => {
  if (server === null) return;
  const { freshDatabase } = server;
  test('export and reconciliation of a port say the same as a lane’s file would, over more records than one page', async () => {
    const connection = await freshDatabase();
    const store = await open(connection);
    const walker = { store, clock, controls };
    const from = clock.now().toISOString();
    const walked: string[] = [];
    for (let n = 0; n < 3; n++) walked.push((await walkThrough(walker)).record.recordId);
    const { record: voided } = await walkToCommitted(walker);
    unwrap(await store.end(voided.recordId, { type: 'voided', code: 'didNotPass' }));
    await walkOnLane(store, 'lane-9');
    clock.advance(1_000);
    const to = clock.now().toISOString();
    await walkToAsked(walker);
    // More of them than a page holds, on another lane.
    const pool = new Pool(connection);
    await pool.query(`INSERT INTO records SELECT gen_random_uuid(), version, lane_id, origin, destination, state, opened_at, ended_at,
      referred_at, committed_at, clearance, evidence_digest, rest, opened_seq
    FROM records, generate_series(1, 4500) WHERE lane_id = 'lane-9'`);
    await store.close();
    const address = `postgres://${connection.user}@/${connection.database}?host=${connection.host}&port=${connection.port}`;
    const exported: SideRecord[] = [];
    await exportPgPort(address, { side: 'exit', fromIso: from, toIso: to }, (records) => exported.push(...records));
    expect(
      exported
        .filter(({ laneId }) => laneId === LANE_ID)
        .map(({ recordId }) => recordId)
        .sort(),
    ).toEqual([...walked, voided.recordId].sort());
    expect(exported.filter(({ laneId }) => laneId === 'lane-9')).toHaveLength(4_501);
    expect(new Set(exported.map(({ recordId }) => recordId)).size).toBe(exported.length);
    const passed = exported.find(({ recordId }) => recordId === walked[0]);
    expect(passed).toMatchObject({
      side: 'exit',
      state: 'passed',
      otherAnswer: { word: 'clear' },
      receipt: { body: { recordId: walked[0] } },
    });
    const both = await reconcilePgPort(address, from, to);
    expect(both).toMatchObject({
      opened: 4_505,
      byState: { passed: 3, voided: 1, abandoned: 4_501 },
      sides: { exit: { cleared: 4, recorded: 3, voided: 1 }, entry: { cleared: 4, recorded: 3, voided: 1 } },
      differences: [],
    });
    // A one-sided row cannot be written while the constraint stands; were it dropped, the report shows it.
    await pool.query('ALTER TABLE clearances DROP CONSTRAINT clearances_record_id_other_side_status_fkey');
    await pool.query(`UPDATE clearances SET status = 'voided' WHERE side = 'exit' AND record_id = $1`, [walked[1]]);
    expect((await reconcilePgPort(address, from, to)).differences).toEqual([
      { recordId: walked[1], exit: 'voided', entry: 'standing' },
    ]);
    const found = await verifyPgChain(pool, LANE_ID, { keys: null, receipts: [] });
    expect(found.findings.map(({ code }) => code)).toContain('sidesDiffer');
    // Rows nobody journaled.
    const strays = await verifyPgChain(pool, 'lane-9', { keys: null, receipts: [] });
    expect(strays.findings.filter(({ code }) => code === 'recordMismatch').length).toBe(1_000);
    await pool.end();
  });

  test('a chain of many pages is verified to its last entry', async () => {
    const connection = await freshDatabase();
    const store = await open(connection);
    const entry = { event: 'laneStarted', recordId: null, owner: 'port', facts: {} } as const;
    for (let n = 0; n < 2_200; n++) unwrap(await store.audit(entry));
    await store.close();
    const pool = new Pool(connection);
    const options = { keys: null, receipts: [] };
    expect(await verifyPgChain(pool, '.port', options)).toMatchObject({ ok: true, entries: 2_204, unsigned: 0 });
    await pool.query('ALTER TABLE journal DISABLE TRIGGER ALL');
    await pool.query(`UPDATE journal SET payload = replace(payload, 'laneStarted', 'laneStopped') WHERE seq = 2150`);
    expect((await verifyPgChain(pool, '.port', options)).findings).toMatchObject([{ code: 'entryEdited', seq: 2_150 }]);
    await pool.end();
  });

  test('retention leaves no row, and no byte of sealed material in any table’s file', async () => {
    const connection = await freshDatabase();
    const store = await open(connection);
    const walker = { store, clock, controls };
    const told = await walkThrough(walker);
    for (const side of ['exit', 'entry'] as const)
      for (const { id } of unwrap(await store.outbox(side, 10))) unwrap(await store.noticeDelivered(id));
    const { key } = createSealingKey();
    const referred = opening(traveller());
    unwrap(await store.open(referred));
    unwrap(await store.end(referred.recordId, { type: 'referred', owner: 'exit', code: 'noFace', checks: [] }));
    const sealed = seal(key.publicKeyRaw, key.keyId, randomBytes(9_000), referred.recordId);
    unwrap(await store.keepMaterial(referred.recordId, sealed));
    const piece = sealed.box.slice(5_000, 5_064);
    const pool = new Pool(connection);
    await pool.query('CHECKPOINT');
    // Out of line or not, it is there, and the search finds it.
    expect(await filesHolding(piece)).not.toEqual([]);
    unwrap(
      await store.end(referred.recordId, { type: 'resolved', action: 'sentBack', officer: 'X1', reasonCode: 'seen' }),
    );
    clock.advance(31 * 86_400_000);
    const before = new Date(clock.now().getTime() - 30 * 86_400_000).toISOString();
    expect(unwrap(await store.eraseBefore(before)).records).toBe(2);
    await pool.query('CHECKPOINT');
    expect(await filesHolding(piece)).toEqual([]);
    for (const table of ['records', 'answers', 'clearances', 'receipts', 'outbox', 'claims', 'referral_material']) {
      expect((await pool.query(`SELECT 1 FROM ${table}`)).rowCount, table).toBe(0);
    }
    expect(told.record.recordId).not.toBe(referred.recordId);
    expect((await verifyPgChain(pool, LANE_ID, { keys: null, receipts: [] })).findings).toEqual([]);
    await pool.end();
    await store.close();
  });
});

/** Files of tables and indexes; the write-ahead log is PostgreSQL's to recycle, see docs/decisions/0017. */
async function filesHolding(text: string): Promise<readonly string[]> {
  const base = join(server?.folder ?? '', 'data', 'base');
  return readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(base, name);
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path).includes(text);
  });
}
