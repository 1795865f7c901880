import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { expect } from 'vitest';
import { SIDES } from '../../app/contract/crossing.ts';
import type { Result } from '../../app/contract/result.ts';
import { unwrap } from '../../app/contract/result.ts';
import { specimenDocument, specimenRequest } from '../../app/controls/test-kit.ts';
import { canonicalBytes } from '../../app/crypto/canonical-json.ts';
import { sha256Hex } from '../../app/crypto/digest.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import type { PortBench } from '../../app/hub/hub-bench.fixture.ts';
import type { ControlKeys } from '../../app/record/clearance-check.ts';
import { asked, identified, opening, traveller } from '../../app/record/crossing.fixture.ts';
import type { JointRecordStore, RecordSnapshot, StoreError } from '../../app/record/store.ts';
import { verifyPgChain } from '../../app/record/verify/verify-postgres.ts';
import { type BenchControls, numberOf, openBenchControls } from '../bench/hub-controls.ts';

export const LANE = 'lane-1';
/** The lane's requests of one crossing, in order: a fault can be put into each. */
export const PHASES = [
  'open',
  'identify',
  'verify',
  'ask',
  'answerExit',
  'answerEntry',
  'commit',
  'release',
  'pass',
] as const;
export type Phase = (typeof PHASES)[number];

export interface PortStage {
  readonly keys: ControlKeys;
  /** One crossing; `before` is called before each request. Gives the record, and what stopped it if something did. */
  cross(
    store: JointRecordStore,
    before: (phase: Phase) => Promise<void>,
  ): Promise<{ recordId: string; stopped: StoreError | null }>;
  /** What a lane does after a fault: everything still live is brought to its end. */
  recover(store: JointRecordStore): Promise<void>;
  /** Delivers every notice, then asks both sides and the database for every guarantee. */
  check(store: JointRecordStore, recordIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Both embedded controls on real files, and what a lane does between them and its hub. */
export async function openPortStage(bench: PortBench): Promise<PortStage> {
  const [exit, entry] = [createSigningKey(), createSigningKey()];
  const controls = await openBenchControls(bench.folder, 2_000, { exit: exit.pem, entry: entry.pem });
  const publicKey = ({ key }: typeof exit) => [{ keyId: key.keyId, raw: key.publicKeyRaw }];
  let travellers = 0;

  const cross: PortStage['cross'] = async (store, before) => {
    const who = traveller();
    const record = opening(who, randomUUID(), LANE);
    const { recordId } = record;
    const specimen = specimenRequest('exit').evidence;
    const number = numberOf(travellers++);
    const { evidence } = asked(who, record, new Date());
    const whole = { ...evidence, checks: specimen.checks, face: specimen.face };
    const answerOf = async (side: 'exit' | 'entry') => ({
      type: 'answered' as const,
      answer: await controls.prepare(side, {
        version: 1,
        side,
        evidence: whole,
        document: specimenDocument({ number, expiryDate: '2090-01-01' }),
        consentGivenAt: '2025-01-10T00:00:00Z',
        deadline: new Date(Date.now() + 60_000).toISOString(),
      }),
    });
    const requests: Record<Phase, () => Promise<Result<RecordSnapshot, StoreError>>> = {
      open: () => store.open(record),
      identify: () => store.append(recordId, identified(who)),
      verify: () => store.append(recordId, { type: 'verified', face: specimen.face, checks: [] }),
      ask: () =>
        store.append(recordId, { type: 'asked', evidence: whole, evidenceDigest: sha256Hex(canonicalBytes(whole)) }),
      answerExit: () => answerOf('exit').then((fact) => store.append(recordId, fact)),
      answerEntry: () => answerOf('entry').then((fact) => store.append(recordId, fact)),
      commit: () => store.commit(recordId),
      release: () => store.append(recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 7 }),
      pass: () => store.end(recordId, { type: 'passed', passagesAfter: 8 }),
    };
    for (const phase of PHASES) {
      await before(phase);
      const done = await requests[phase]();
      if (!done.ok) return { recordId, stopped: done.error };
    }
    return { recordId, stopped: null };
  };

  return {
    keys: { exit: publicKey(exit), entry: publicKey(entry) },
    cross,
    recover: async (store) => {
      for (const { recordId, state } of unwrap(await store.live(LANE))) {
        unwrap(
          await store.end(
            recordId,
            state === 'committed'
              ? { type: 'voided', code: 'laneRestarted' }
              : { type: 'abandoned', code: 'laneRestarted' },
          ),
        );
      }
    },
    check: async (store, recordIds) => {
      await deliverAll(store, controls);
      const pool = new Pool(bench.connection);
      try {
        await checkDatabase(pool);
        for (const recordId of recordIds) await checkRecord(store, controls, recordId);
        await checkOnce(pool);
        unwrap(await store.checkpoint());
        const found = await verifyPgChain(pool, LANE, { keys: null, receipts: [] });
        expect(found).toMatchObject({ findings: [], unsigned: 0 });
      } finally {
        await pool.end();
      }
    },
    close: () => controls.close(),
  };
}

async function deliverAll(store: JointRecordStore, controls: BenchControls): Promise<void> {
  for (const side of SIDES) {
    for (;;) {
      const notices = unwrap(await store.outbox(side, 100));
      if (notices.length === 0) break;
      for (const { id, notice } of notices) {
        await controls.notify(notice);
        unwrap(await store.noticeDelivered(id));
      }
    }
  }
}

/** G2 and G3 as the tables have them: both sides or neither, and no claim without a live record. */
async function checkDatabase(pool: Pool): Promise<void> {
  const oneSided = await pool.query(
    'SELECT record_id FROM clearances GROUP BY record_id HAVING count(*) <> 2 OR count(DISTINCT status) <> 1',
  );
  expect(oneSided.rows).toEqual([]);
  const unequal = await pool.query(
    `SELECT record_id FROM outbox WHERE step <> 'void' GROUP BY record_id, step HAVING count(DISTINCT side) <> 2`,
  );
  expect(unequal.rows).toEqual([]);
  const stale = await pool.query(
    'SELECT c.record_id FROM claims c JOIN records r USING (record_id) WHERE r.ended_at IS NOT NULL',
  );
  expect(stale.rows).toEqual([]);
}

/** Nothing twice: each event of a record that can happen once is in the journal once. */
async function checkOnce(pool: Pool): Promise<void> {
  const twice = await pool.query(
    `SELECT record_id, type FROM journal WHERE record_id IS NOT NULL AND type NOT IN ('answered', 'audit', 'noticeDelivered')
      GROUP BY record_id, type HAVING count(*) > 1
      UNION ALL SELECT record_id, 'answered' FROM journal WHERE type = 'answered' GROUP BY record_id HAVING count(*) > 2`,
  );
  expect(twice.rows).toEqual([]);
}

/** What both sides hold of a record is the same, and is what the record says. */
async function checkRecord(store: JointRecordStore, controls: BenchControls, recordId: string): Promise<void> {
  const read = await store.read(recordId);
  const states = SIDES.map((side) => controls.stateOf(side, recordId));
  if (!read.ok) {
    // Never begun: then nobody knows of it.
    expect(read.error.code).toBe('unknownRecord');
    expect(states).toEqual([null, null]);
    return;
  }
  expect(read.value.endedAt).not.toBeNull();
  if (read.value.state === 'passed') expect(states).toEqual(['passed', 'passed']);
  // A side that was never asked knows nothing; one that was is told that it is over.
  else for (const state of states) expect([null, 'voided']).toContain(state);
}
