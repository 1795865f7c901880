import type { AuditEntry, AuditFacts } from '../../contract/audit-events.ts';
import type { Sealed } from '../../contract/control-protocol.ts';
import type { Direction, Side } from '../../contract/crossing.ts';
import type { LifeAnswer, OutboxMarks } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import { CHECKPOINT_POLICY, type CheckpointPolicy } from '../../record/checkpoint.ts';
import type { ControlKeys } from '../../record/clearance-check.ts';
import { type Change, decideCommit, decideEvent } from '../../record/decide.ts';
import { openedDoc } from '../../record/fold.ts';
import { lateReport } from '../../record/late-report.ts';
import { type ChainRow, type PlanContext, planChain } from '../../record/postgres/chain-plan.ts';
import { exclusiveByName } from '../../record/postgres/exclusive.ts';
import { beginLife, raiseLate, refuseNotice } from '../../record/postgres/lives.ts';
import { keepMaterial, readMaterial } from '../../record/postgres/material.ts';
import { isConflict, pgFailure } from '../../record/postgres/pg-failure.ts';
import { readFigures, readLive } from '../../record/postgres/queries.ts';
import { type RecordDoc, snapshotOf } from '../../record/record-doc.ts';
import { doneAlready, openedAlready } from '../../record/remote/repeat.ts';
import type { RecordStep } from '../../record/remote/wire.ts';
import type { DayFigures, OpenRecord, OutboxNotice, RecordSnapshot, StoreError } from '../../record/store.ts';
import type { HubDatabase } from '../database/open-database.ts';
import { type BatchWriter, batchWriter } from './batch-writer.ts';
import { LaneChains, makeChain } from './lane-chains.ts';
import { readLaneOutbox } from './lane-outbox.ts';
import { canJoin, finished, planSteps } from './plan-steps.ts';

/** Who calls: the lane of the certificate, which start of it, and whether an earlier try may have been done already. */
export interface LaneCall {
  readonly laneId: string;
  readonly life: number;
  readonly repeat: boolean;
}

export type LaneRefusal = StoreError | { readonly code: 'laneMismatch' };

export interface StepsDone {
  readonly record: RecordSnapshot;
  readonly done: number;
  readonly refusal: StoreError | null;
}

export interface PortRecordsOptions {
  readonly database: HubDatabase;
  readonly signingKey: SigningKey;
  readonly controlKeys: ControlKeys;
  readonly clock: () => Date;
  readonly checkpoint?: CheckpointPolicy;
  readonly clockToleranceMs?: number;
  /** Batches under way at once. */
  readonly writers?: number;
}

/** Audit lines of no lane. Lane names never begin with a dot. */
export const PORT_CHAIN = '.port';
const CLOCK_TOLERANCE_MS = 2_000;
const MAX_ATTEMPTS = 50;

/**
 * The joint record of the port as lanes reach it: the rules, the tables and the journal of `app/record`, with a fence around
 * each lane (its own records, its newest start) and few round trips: what was read is kept, what many lanes write goes out
 * together. Two hubs on one database may do this at once; the heads of the chains tell who was first.
 */
export class PortRecords {
  readonly #options: PortRecordsOptions;
  readonly #policy: CheckpointPolicy;
  readonly #writer: BatchWriter;
  readonly #chains: LaneChains;
  readonly #exclusive = exclusiveByName();
  readonly #timer: NodeJS.Timeout;

  constructor(options: PortRecordsOptions) {
    this.#options = options;
    this.#policy = options.checkpoint ?? CHECKPOINT_POLICY;
    this.#writer = batchWriter(options.database.writers, options.writers ?? 1);
    this.#chains = new LaneChains(options.database.pool);
    // A lane that falls silent leaves entries unsigned; a busy one signs with its own writes.
    this.#timer = setInterval(() => void this.#signOld(), this.#policy.everyMs / 4);
    this.#timer.unref();
  }

  /** A lane has started: from now on only this start of it counts. Moves the chain's head, so that nothing planned before is written. */
  registerLife(laneId: string, software: string): Promise<Result<LifeAnswer, LaneRefusal>> {
    const { pool } = this.#options.database;
    return this.#guarded(laneId, null, async (context) => {
      const chain = await this.#madeChain(laneId);
      const begun = await beginLife(pool, chain, context);
      this.#chains.forget(laneId);
      if (!begun.ok) return begun;
      await pool.query(
        `INSERT INTO hub_lanes VALUES ($1, $2, $3) ON CONFLICT (lane_id) DO UPDATE
          SET software = excluded.software, started_at = excluded.started_at`,
        [laneId, software, context.at],
      );
      return ok({ laneId, life: begun.value.life, at: context.at });
    });
  }

  async #madeChain(name: string): Promise<ChainRow> {
    const known = await this.#chains.of(name);
    if (known !== null) return known;
    await makeChain(this.#options.database.pool, name);
    const made = await this.#chains.of(name);
    if (made === null) throw new Error('a chain that was just made is not there');
    return made;
  }

  open(call: LaneCall, opening: OpenRecord): Promise<Result<RecordSnapshot, LaneRefusal>> {
    if (opening.laneId !== call.laneId) return Promise.resolve(err({ code: 'laneMismatch' }));
    const { recordId } = opening;
    return this.#fenced(call, recordId, async (chain, context) => {
      const known = await this.#chains.record(recordId);
      if (known !== null) {
        if (call.repeat && openedAlready(known.doc, opening)) return ok(snapshotOf(known.doc));
        return known.doc.laneId === call.laneId
          ? err({ code: 'wrongState', recordId, state: known.doc.state })
          : err({ code: 'laneMismatch' });
      }
      const after = openedDoc(opening, context.at);
      await this.#apply(chain, [{ event: { type: 'opened', opening }, before: null, after }], 1, context);
      return ok(snapshotOf(after));
    });
  }

  /** Steps one after the other until one is refused; those before it are written, and are one write where they can be. */
  async steps(call: LaneCall, recordId: string, steps: readonly RecordStep[]): Promise<Result<StepsDone, LaneRefusal>> {
    const result = await this.#steps(call, recordId, steps);
    if (result.ok || result.error.code !== 'earlierLife') return result;
    // Whatever the life: another lane's record is nothing this lane may know of.
    const owner = await this.#laneOf(recordId);
    return owner.ok && owner.value !== call.laneId ? err({ code: 'unknownRecord', recordId }) : result;
  }

  async #laneOf(recordId: string): Promise<Result<string | null, StoreError>> {
    try {
      return ok((await this.#chains.record(recordId))?.doc.laneId ?? null);
    } catch (cause) {
      return pgFailure(cause);
    }
  }

  #steps(call: LaneCall, recordId: string, steps: readonly RecordStep[]): Promise<Result<StepsDone, LaneRefusal>> {
    let done = 0;
    let after: RecordDoc | null = null;
    // Claims may be refused by the database in the middle of a write: then each step is tried by itself.
    let together = true;
    return this.#fenced(call, recordId, async (first, context) => {
      let chain = first;
      const refused = (error: StoreError): Result<StepsDone, LaneRefusal> =>
        after === null ? err(error) : ok({ record: snapshotOf(after), done, refusal: error });
      while (done < steps.length) {
        const current = await this.#chains.record(recordId);
        if (current === null || current.doc.laneId !== call.laneId) return refused({ code: 'unknownRecord', recordId });
        const planned = this.#decide(call, current.doc, steps.slice(done), together, context);
        try {
          if (planned.changes.length > 0) {
            chain = await this.#apply(chain, planned.changes, current.version + 1, context);
          }
        } catch (cause) {
          if (isConflict(cause)) throw cause;
          const failure = pgFailure(cause);
          if (failure.error.code !== 'duplicateDocument') throw cause;
          if (planned.count === 1) return refused(failure.error);
          together = false;
          continue;
        }
        done += planned.count;
        after = planned.after;
        if (planned.refusal !== null) {
          if (lateReport(planned.refusal) !== null) {
            await raiseLate(this.#options.database.pool, planned.refusal, call.laneId, context);
            this.#chains.forget(call.laneId, recordId);
          }
          return refused(planned.refusal);
        }
      }
      return after === null
        ? err({ code: 'unknownRecord', recordId })
        : ok({ record: snapshotOf(after), done, refusal: null });
    });
  }

  /** As many of the steps as may be written together, and why the next one may not be written at all. */
  #decide(call: LaneCall, doc: RecordDoc, steps: readonly RecordStep[], together: boolean, context: PlanContext) {
    const changes: Change[] = [];
    let after = doc;
    let count = 0;
    let refusal: StoreError | null = null;
    for (const step of steps) {
      const decided = this.#decideStep(after, step, context);
      if (!decided.ok) {
        if (decided.error.code === 'wrongState' && call.repeat && changes.length === 0 && doneAlready(after, step)) {
          count += 1;
          continue;
        }
        refusal = decided.error;
        break;
      }
      // Null: it is so already.
      if (decided.value !== null) {
        if (!canJoin(changes, decided.value) || (changes.length > 0 && !together)) break;
        changes.push(decided.value);
        after = decided.value.after;
      }
      count += 1;
    }
    return { changes, after: count === 0 ? null : after, count, refusal };
  }

  #decideStep(doc: RecordDoc, step: RecordStep, { at }: PlanContext): Result<Change | null, StoreError> {
    if (step.step !== 'commit') return decideEvent(doc, step.step === 'append' ? step.fact : step.ending, at);
    const { controlKeys: keys, clockToleranceMs = CLOCK_TOLERANCE_MS } = this.#options;
    return decideCommit(doc, { keys, nowMs: Date.parse(at), clockToleranceMs }, at);
  }

  async #apply(chain: ChainRow, changes: readonly Change[], version: number, context: PlanContext): Promise<ChainRow> {
    const planned = planSteps(chain, changes, version, context);
    await this.#writer.write(planned.json);
    const doc = changes.at(-1)?.after;
    const record = doc === undefined ? null : { id: doc.recordId, loaded: { doc, version } };
    this.#chains.wrote(chain.chain, planned.chain, record);
    return planned.chain;
  }

  audit(call: LaneCall, key: string, entry: AuditEntry): Promise<Result<number, LaneRefusal>> {
    return this.#fenced(call, null, async (chain, context) => {
      if (call.repeat) {
        const text = 'SELECT seq FROM hub_calls WHERE lane_id = $1 AND key = $2';
        const { rows } = await this.#options.database.pool.query<{ seq: string }>(text, [call.laneId, key]);
        if (rows[0] !== undefined) return ok(Number(rows[0].seq));
      }
      const { recordId, ...payload } = entry;
      const plan = planChain(chain, context);
      const { seq } = plan.append({ type: 'audit', recordId, payload });
      const planned = finished(chain, plan, { callKey: key });
      await this.#writer.write(planned.json);
      this.#chains.wrote(call.laneId, planned.chain, null);
      return ok(seq);
    });
  }

  /** A line of the hub's own, in the port's chain. */
  portAudit(entry: AuditEntry): Promise<Result<number, LaneRefusal>> {
    return this.#guarded(PORT_CHAIN, null, async (context) => {
      const chain = await this.#madeChain(PORT_CHAIN);
      const { recordId, ...payload } = entry;
      const plan = planChain(chain, context);
      const { seq } = plan.append({ type: 'audit', recordId, payload });
      const planned = finished(chain, plan, {});
      await this.#writer.write(planned.json);
      this.#chains.wrote(PORT_CHAIN, planned.chain, null);
      return ok(seq);
    });
  }

  /**
   * A record that a lane made without the hub collides with another one: both are over or under way, so nothing can be taken
   * back; a person has to look. Written as a referral of the port with a digest of its own, once.
   */
  referConflict(
    laneId: string,
    conflict: { readonly recordId: string; readonly direction: Direction; readonly digest: string },
    facts: AuditFacts,
  ): Promise<Result<void, LaneRefusal>> {
    const { recordId, direction, digest } = conflict;
    return this.#guarded(laneId, recordId, async (context) => {
      if ((await this.#chains.record(recordId)) !== null) return ok();
      const chain = await this.#madeChain(laneId);
      const opening: OpenRecord = {
        recordId,
        laneId,
        direction,
        documentDigests: [digest],
        profileDigest: null,
        checks: [],
      };
      const opened = openedDoc(opening, context.at);
      const ending = { type: 'referred', owner: 'port', code: 'duplicateDocument', checks: [] } as const;
      const referred = decideEvent(opened, ending, context.at);
      if (!referred.ok) return referred;
      if (referred.value === null) return ok();
      const planned = await this.#apply(
        chain,
        [{ event: { type: 'opened', opening }, before: null, after: opened }, referred.value],
        1,
        context,
      );
      const plan = planChain(planned, context);
      plan.append({ type: 'audit', recordId, payload: { event: 'duplicateDocument', owner: 'port', facts } });
      const noted = finished(planned, plan, {});
      await this.#writer.write(noted.json);
      this.#chains.wrote(laneId, noted.chain, null);
      return ok();
    });
  }

  /** What this lane's dispatcher has told its controls, or could not. Ids of other lanes' notices are passed over. */
  async marks(call: LaneCall, { delivered, failed, refused }: OutboxMarks): Promise<Result<void, LaneRefusal>> {
    for (const { id, code } of refused) {
      const done = await this.#refuseNotice(call, id, code);
      if (!done.ok) return done;
    }
    const { pool } = this.#options.database;
    return this.#fenced(call, null, async (chain, context) => {
      if (failed.length > 0) {
        await pool.query(
          `UPDATE outbox o SET attempts = attempts + 1 FROM records r
            WHERE o.id = ANY($1) AND o.delivered_at IS NULL AND r.record_id = o.record_id AND r.lane_id = $2`,
          [failed, call.laneId],
        );
      }
      if (delivered.length === 0) return ok();
      const { rows } = await pool.query<Record<'id' | 'record_id' | 'side' | 'step', string>>({
        name: 'toMark',
        text: `SELECT o.id, o.record_id, o.side, o.step FROM outbox o JOIN records r USING (record_id)
          WHERE o.id = ANY($1) AND o.delivered_at IS NULL AND r.lane_id = $2 ORDER BY o.id`,
        values: [delivered, call.laneId],
      });
      if (rows.length === 0) return ok();
      const plan = planChain(chain, context);
      for (const { record_id, side, step } of rows) {
        plan.append({ type: 'noticeDelivered', recordId: record_id, payload: { side, step } });
      }
      const planned = finished(chain, plan, { at: context.at, deliveredIds: rows.map(({ id }) => id) });
      await this.#writer.write(planned.json);
      this.#chains.wrote(call.laneId, planned.chain, null);
      return ok();
    });
  }

  #refuseNotice(call: LaneCall, id: number, code: string): Promise<Result<void, LaneRefusal>> {
    const { pool } = this.#options.database;
    return this.#fenced(call, null, async (_chain, context) => {
      const text = 'SELECT 1 FROM outbox JOIN records USING (record_id) WHERE id = $1 AND lane_id = $2';
      if ((await pool.query(text, [id, call.laneId])).rowCount === 0) return ok();
      const done = await refuseNotice(pool, id, code, (_lane, attempt) => attempt(context));
      this.#chains.forget(call.laneId);
      return done;
    });
  }

  keepMaterial(call: LaneCall, recordId: string, sealed: Sealed): Promise<Result<void, LaneRefusal>> {
    const { pool } = this.#options.database;
    return this.#fenced(call, recordId, async (_chain, context) => {
      const known = await this.#chains.record(recordId);
      if (known === null || known.doc.laneId !== call.laneId) return err({ code: 'unknownRecord', recordId });
      if (call.repeat && canonicalText(await readMaterial(pool, recordId)) === canonicalText(sealed)) return ok();
      const kept = await keepMaterial(pool, recordId, sealed, context);
      this.#chains.forget(call.laneId);
      return kept;
    });
  }

  material(call: LaneCall, recordId: string): Promise<Result<Sealed | null, LaneRefusal>> {
    return this.#reading(call, async () => {
      const known = await this.#chains.record(recordId);
      if (known === null || known.doc.laneId !== call.laneId) return ok(null);
      return ok(await readMaterial(this.#options.database.pool, recordId));
    });
  }

  read(call: LaneCall, recordId: string): Promise<Result<RecordSnapshot, LaneRefusal>> {
    return this.#reading(call, async () => {
      // What another hub wrote meanwhile must be seen: a reader has no head to be refused by.
      this.#chains.forget(call.laneId, recordId);
      const known = await this.#chains.record(recordId);
      if (known === null || known.doc.laneId !== call.laneId) return err({ code: 'unknownRecord', recordId });
      return ok(snapshotOf(known.doc));
    });
  }

  live(call: LaneCall): Promise<Result<readonly RecordSnapshot[], LaneRefusal>> {
    return this.#reading(call, async () =>
      ok((await readLive(this.#options.database.pool, call.laneId)).map(snapshotOf)),
    );
  }

  outbox(call: LaneCall, side: Side, limit: number): Promise<Result<readonly OutboxNotice[], LaneRefusal>> {
    return this.#reading(call, async () =>
      ok(await readLaneOutbox(this.#options.database.pool, call.laneId, side, limit)),
    );
  }

  figures(call: LaneCall, sinceIso: string): Promise<Result<DayFigures, LaneRefusal>> {
    return this.#reading(call, async () => ok(await readFigures(this.#options.database.pool, call.laneId, sinceIso)));
  }

  checkpoint(call: LaneCall): Promise<Result<void, LaneRefusal>> {
    return this.#fenced(call, null, (chain, context) => this.#sign(chain, context));
  }

  /** Signs what is unsigned and takes nothing more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#signWhere('head_seq > signed_seq', []);
  }

  async #sign(chain: ChainRow, context: PlanContext): Promise<Result<void, LaneRefusal>> {
    if (Number(chain.head_seq) === Number(chain.signed_seq)) return ok();
    const plan = planChain(chain, context);
    plan.checkpoint();
    const planned = finished(chain, plan, {});
    await this.#writer.write(planned.json);
    this.#chains.wrote(chain.chain, planned.chain, null);
    return ok();
  }

  async #signOld(): Promise<void> {
    const before = new Date(this.#options.clock().getTime() - this.#policy.everyMs).toISOString();
    await this.#signWhere('head_seq > signed_seq AND unsigned_since <= $1', [before]);
  }

  async #signWhere(condition: string, values: readonly string[]): Promise<void> {
    try {
      const text = `SELECT chain FROM chains WHERE ${condition}`;
      const { rows } = await this.#options.database.pool.query<{ chain: string }>(text, [...values]);
      for (const { chain: name } of rows) {
        await this.#guarded(name, null, async (context) => {
          const known = await this.#chains.of(name);
          return known === null ? ok() : this.#sign(known, context);
        });
      }
    } catch {
      // The database is away: the next round signs, and whoever writes meanwhile is told by the writes themselves.
    }
  }

  async #reading<T>(call: LaneCall, work: () => Promise<Result<T, LaneRefusal>>): Promise<Result<T, LaneRefusal>> {
    try {
      const chain = await this.#newest(call);
      return chain.ok ? await work() : chain;
    } catch (cause) {
      return pgFailure(cause);
    }
  }

  /** The lane's chain, if the call comes from its present life. A life that another hub has begun is not known here yet. */
  async #newest({ laneId, life }: LaneCall): Promise<Result<ChainRow, StoreError>> {
    const known = await this.#chains.of(laneId);
    if (known !== null && Number(known.life) === life) return ok(known);
    this.#chains.forget(laneId);
    const read = await this.#chains.of(laneId);
    if (read !== null && Number(read.life) === life) return ok(read);
    return err({ code: 'earlierLife', laneId, life: Number(read?.life ?? 0) + (read === null ? 1 : 0) });
  }

  #fenced<T>(
    call: LaneCall,
    recordId: string | null,
    attempt: (chain: ChainRow, context: PlanContext) => Promise<Result<T, LaneRefusal>>,
  ): Promise<Result<T, LaneRefusal>> {
    return this.#guarded(call.laneId, recordId, async (context) => {
      const chain = await this.#newest(call);
      return chain.ok ? attempt(chain.value, context) : chain;
    });
  }

  /** Reads, decides and writes; from the start again when another hub was faster. */
  #guarded<T>(
    chain: string,
    recordId: string | null,
    attempt: (context: PlanContext) => Promise<Result<T, LaneRefusal>>,
  ): Promise<Result<T, LaneRefusal>> {
    return this.#exclusive(chain, async () => {
      for (let tries = 1; ; tries++) {
        try {
          const { signingKey: key, controlKeys: keys, clock } = this.#options;
          return await attempt({ key, keys, policy: this.#policy, at: clock().toISOString() });
        } catch (cause) {
          this.#chains.forget(chain, recordId);
          if (!isConflict(cause) || tries === MAX_ATTEMPTS) return pgFailure(cause);
        }
      }
    });
  }
}
