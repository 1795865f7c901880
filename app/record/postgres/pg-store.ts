import { randomUUID } from 'node:crypto';
import type { Pool, PoolConfig } from 'pg';
import { auditEntrySchema } from '../../contract/audit-events.ts';
import { instantSchema, sealedSchema } from '../../contract/control-protocol.ts';
import { laneIdSchema } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { loadSigningKey } from '../../crypto/signing.ts';
import { CHECKPOINT_POLICY, type CheckpointPolicy } from '../checkpoint.ts';
import type { ControlKeys } from '../clearance-check.ts';
import { type Change, decideCommit, decideEvent, lifeFlaw } from '../decide.ts';
import { openedDoc } from '../fold.ts';
import { NO_HASH } from '../journal.ts';
import { type RecordDoc, snapshotOf } from '../record-doc.ts';
import { openRecordSchema, recordEndingSchema, recordFactSchema } from '../record-events.ts';
import type {
  ErasureReport,
  JointRecordStore,
  LaneLife,
  RecordSnapshot,
  RecordUpkeep,
  ReferralMaterialStore,
  StoreError,
} from '../store.ts';
import { applyChange, applyPlan } from './apply.ts';
import { type ChainRow, type PlanContext, planChain } from './chain-plan.ts';
import { connectPool } from './connect.ts';
import { eraseChainBefore, vacuum } from './erase.ts';
import { exclusiveByName } from './exclusive.ts';
import { laneCache } from './lane-cache.ts';
import { beginLife, raiseLate, refuseNotice } from './lives.ts';
import { keepMaterial, readMaterial } from './material.ts';
import { migratePostgres } from './migrate.ts';
import { PG_MIGRATIONS } from './migrations/index.ts';
import { isConflict, pgFailure } from './pg-failure.ts';
import { readChain, readFigures, readLive, readOutbox, readRecord, readRecordAndChain } from './queries.ts';

export interface PgRecordStoreOptions {
  /** How to reach the server, e.g. `{ connectionString }`. */
  readonly connection: Pick<
    PoolConfig,
    'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'
  >;
  readonly poolSize?: number;
  /** The port's Ed25519 key that signs checkpoints and receipts; PKCS#8 PEM. */
  readonly signingKeyPem: string;
  readonly controlKeys: ControlKeys;
  readonly clock: () => Date;
  readonly checkpoint?: CheckpointPolicy;
  readonly clockToleranceMs?: number;
  /** Limit of one query, on both ends of the connection. */
  readonly timeoutMs?: number;
}

export interface PgRecordStore extends JointRecordStore, ReferralMaterialStore, RecordUpkeep {
  /** Replaces the keys answers are checked with, in this store; every hub of a port is told its own. */
  learnControlKeys(keys: ControlKeys): Promise<Result<void, StoreError>>;
}

/** Audit lines of no lane. Lane names never begin with a dot. */
const PORT_CHAIN = '.port';
const CLOCK_TOLERANCE_MS = 2_000;
const TIMEOUT_MS = 5_000;
const POOL_SIZE = 10;
const ERASE_TIMEOUT_MS = 600_000;
/** Writers of one chain that live in other processes (a second hub) make us start again; that many times is a fault. */
const MAX_ATTEMPTS = 50;

/**
 * The joint record of a whole port in PostgreSQL 15 or later: any number of lanes and hubs, documents claimed across all
 * of them (G3), one chained journal a lane. Stateless: two stores on one database work side by side.
 */
export async function openPgRecordStore(options: PgRecordStoreOptions): Promise<Result<PgRecordStore, StoreError>> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const pool = connectPool(options.connection, options.poolSize ?? POOL_SIZE, timeoutMs);
  try {
    const migrated = await migratePostgres(pool, PG_MIGRATIONS);
    if (migrated.ok) return ok(pgStore(pool, options));
    await pool.end();
    return err({ code: 'storeFailed', detail: migrated.error });
  } catch (cause) {
    await pool.end();
    return pgFailure(cause);
  }
}

function pgStore(pool: Pool, options: PgRecordStoreOptions): PgRecordStore {
  const { clock, checkpoint: policy = CHECKPOINT_POLICY } = options;
  let keys = options.controlKeys;
  const clockToleranceMs = options.clockToleranceMs ?? CLOCK_TOLERANCE_MS;
  let key = loadSigningKey(options.signingKeyPem);
  const exclusive = exclusiveByName();
  const lanes = laneCache(async (recordId) => (await readRecord(pool, recordId))?.doc.laneId ?? null);
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const guarded = async <T>(work: () => Promise<Result<T, StoreError>>): Promise<Result<T, StoreError>> => {
    if (closed) return err({ code: 'storeFailed', detail: 'closed: the store was closed' });
    try {
      return await work();
    } catch (cause) {
      return pgFailure(cause);
    }
  };

  /** Reads, decides and writes; from the start again when another process was faster. */
  const retrying = <T>(chainName: string, attempt: (context: PlanContext) => Promise<Result<T, StoreError>>) =>
    guarded(() =>
      exclusive(chainName, async () => {
        for (let tries = 1; ; tries++) {
          try {
            const result = await attempt({ key, keys, policy, at: clock().toISOString() });
            if (result.ok) armTimer();
            return result;
          } catch (cause) {
            if (!isConflict(cause) || tries === MAX_ATTEMPTS) throw cause;
          }
        }
      }),
    );

  const write = <T>(
    chainName: string,
    attempt: (chain: ChainRow, context: PlanContext) => Promise<Result<T, StoreError>>,
  ) =>
    retrying(chainName, async (context) =>
      attempt((await readChain(pool, chainName)) ?? (await createChain(chainName)), context),
    );

  const createChain = async (chain: string): Promise<ChainRow> => {
    const text = `INSERT INTO chains (chain, store_id, first_prev_hash, head_seq, head_hash) VALUES ($1, $2, $3, 0, $3)
      ON CONFLICT DO NOTHING`;
    await pool.query(text, [chain, randomUUID(), NO_HASH]);
    const created = await readChain(pool, chain);
    if (created === null) throw new Error('a chain that was just made is not there');
    return created;
  };

  const change = (
    recordId: string,
    by: LaneLife | undefined,
    decide: (doc: RecordDoc, at: string) => Result<Change | null, StoreError>,
  ): Promise<Result<RecordSnapshot, StoreError>> =>
    guarded(async () => {
      const laneId = await lanes.of(recordId);
      if (laneId === null) return err({ code: 'unknownRecord', recordId });
      return retrying(laneId, async (context) => {
        const current = await readRecordAndChain(pool, recordId);
        if (current === null) return err({ code: 'unknownRecord', recordId });
        const flaw = lifeFlaw(by, current.doc, Number(current.chain.life));
        if (flaw !== null) return err(flaw);
        const decided = decide(current.doc, context.at);
        if (!decided.ok) {
          await raiseLate(pool, decided.error, laneId, context);
          return decided;
        }
        if (decided.value === null) return ok(snapshotOf(current.doc));
        await applyChange(pool, current.chain, decided.value, current.version + 1, context);
        return ok(snapshotOf(decided.value.after));
      });
    });

  const signAll = async (): Promise<Result<void, StoreError>> => {
    const { rows } = await pool.query<{ chain: string }>('SELECT chain FROM chains WHERE head_seq > signed_seq');
    for (const { chain: name } of rows) {
      const signed = await write(name, async (chain, context) => {
        const plan = planChain(chain, context);
        plan.checkpoint();
        await applyPlan(pool, plan);
        return ok();
      });
      if (!signed.ok) return signed;
    }
    return ok();
  };

  const armTimer = (): void => {
    if (timer !== null || closed) return;
    timer = setTimeout(() => {
      timer = null;
      void guarded(signAll);
    }, policy.everyMs);
    timer.unref();
  };

  return {
    beginLife: (laneId) =>
      guarded(async () => write(laneIdSchema.parse(laneId), (chain, context) => beginLife(pool, chain, context))),
    open: (input, by) =>
      guarded(async () => {
        const opening = openRecordSchema.parse(input);
        return write(opening.laneId, async (chain, context) => {
          const flaw = lifeFlaw(by, opening, Number(chain.life));
          if (flaw !== null) return err(flaw);
          const known = await readRecord(pool, opening.recordId);
          if (known !== null) {
            return err({ code: 'wrongState', recordId: opening.recordId, state: known.doc.state });
          }
          const after = openedDoc(opening, context.at);
          await applyChange(pool, chain, { event: { type: 'opened', opening }, before: null, after }, 1, context);
          lanes.know(opening.recordId, opening.laneId);
          return ok(snapshotOf(after));
        });
      }),
    append: (recordId, input, by) =>
      guarded(async () => {
        const fact = recordFactSchema.parse(input);
        return change(recordId, by, (doc, at) => decideEvent(doc, fact, at));
      }),
    commit: (recordId, by) =>
      change(recordId, by, (doc, at) => decideCommit(doc, { keys, nowMs: Date.parse(at), clockToleranceMs }, at)),
    end: (recordId, input, by) =>
      guarded(async () => {
        const ending = recordEndingSchema.parse(input);
        return change(recordId, by, (doc, at) => decideEvent(doc, ending, at));
      }),
    audit: (input) =>
      guarded(async () => {
        const { recordId, ...payload } = auditEntrySchema.parse(input);
        const known = recordId === null ? null : await readRecord(pool, recordId);
        return write(known?.doc.laneId ?? PORT_CHAIN, async (chain, context) => {
          const plan = planChain(chain, context);
          const { seq } = plan.append({ type: 'audit', recordId, payload });
          await applyPlan(pool, plan);
          return ok(seq);
        });
      }),
    read: (recordId) =>
      guarded(async () => {
        const known = await readRecord(pool, recordId);
        return known === null ? err({ code: 'unknownRecord', recordId }) : ok(snapshotOf(known.doc));
      }),
    live: (laneId) => guarded(async () => ok((await readLive(pool, laneId)).map(snapshotOf))),
    outbox: (side, limit) => guarded(async () => ok(await readOutbox(pool, side, limit))),
    noticeDelivered: (id) =>
      guarded(async () => {
        const text = `SELECT o.record_id, o.side, o.step, r.lane_id FROM outbox o JOIN records r USING (record_id)
          WHERE o.id = $1 AND o.delivered_at IS NULL`;
        const find = async () =>
          (await pool.query<Record<'record_id' | 'side' | 'step' | 'lane_id', string>>(text, [id])).rows[0];
        const notice = await find();
        if (notice === undefined) return ok();
        return write(notice.lane_id, async (chain, context) => {
          if ((await find()) === undefined) return ok();
          const plan = planChain(chain, context);
          const payload = { side: notice.side, step: notice.step };
          plan.append({ type: 'noticeDelivered', recordId: notice.record_id, payload });
          await applyPlan(pool, plan, { at: context.at, delivered: id });
          return ok();
        });
      }),
    noticeFailed: (id) =>
      guarded(async () => {
        await pool.query('UPDATE outbox SET attempts = attempts + 1 WHERE id = $1 AND delivered_at IS NULL', [id]);
        return ok();
      }),
    noticeRefused: (id, code) => guarded(() => refuseNotice(pool, id, code, retrying)),
    retryRefusedNotices: (side) =>
      guarded(async () => {
        const text =
          'UPDATE outbox SET refused_at = NULL WHERE side = $1 AND delivered_at IS NULL AND refused_at IS NOT NULL';
        return ok((await pool.query(text, [side])).rowCount ?? 0);
      }),
    keepMaterial: (recordId, input) =>
      guarded(async () => {
        const sealed = sealedSchema.parse(input);
        const laneId = await lanes.of(recordId);
        if (laneId === null) return err({ code: 'unknownRecord', recordId });
        return retrying(laneId, (context) => keepMaterial(pool, recordId, sealed, context));
      }),
    material: (recordId) => guarded(async () => ok(await readMaterial(pool, recordId))),
    learnControlKeys: (next) =>
      guarded(async () => {
        // Each chain's journal names them with its next entry.
        keys = next;
        return ok();
      }),
    rotateLaneKey: (pem) =>
      guarded(async () => {
        const next = loadSigningKey(pem);
        const signed = await signAll();
        if (signed.ok) key = next;
        return signed;
      }),
    eraseBefore: (beforeIso) =>
      guarded(async () => {
        const before = instantSchema.parse(beforeIso);
        const { rows } = await pool.query<{ chain: string }>('SELECT chain FROM chains ORDER BY chain');
        // Its statements may take longer than any of a crossing.
        const patient = connectPool(options.connection, 1, ERASE_TIMEOUT_MS);
        try {
          let report: ErasureReport = { records: 0, firstSeq: Number.MAX_SAFE_INTEGER };
          for (const { chain } of rows) {
            const erased = await retrying(chain, async (context) =>
              ok(await eraseChainBefore(patient, chain, before, context)),
            );
            if (!erased.ok) return erased;
            const { records, firstSeq } = erased.value;
            report = { records: report.records + records, firstSeq: Math.min(report.firstSeq, firstSeq) };
          }
          await vacuum(patient);
          return ok(report);
        } finally {
          await patient.end();
        }
      }),
    figures: (laneId, sinceIso) => guarded(async () => ok(await readFigures(pool, laneId, sinceIso))),
    checkpoint: () => guarded(signAll),
    close: async () => {
      if (closed) return;
      await guarded(signAll);
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await pool.end();
    },
  };
}
