import type { AuditEntry, AuditFacts } from '../../contract/audit-events.ts';
import type { RecordOutcome, Sealed } from '../../contract/control-protocol.ts';
import type { Direction } from '../../contract/crossing.ts';
import type { LifeAnswer } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import { decideEvent } from '../../record/decide.ts';
import { openedDoc } from '../../record/fold.ts';
import { outcomeOf } from '../../record/outcome.ts';
import { planChain } from '../../record/postgres/chain-plan.ts';
import { beginLife } from '../../record/postgres/lives.ts';
import { keepMaterial, readMaterial } from '../../record/postgres/material.ts';
import { pgFailure } from '../../record/postgres/pg-failure.ts';
import { readFigures, readLive, readRecord } from '../../record/postgres/queries.ts';
import { snapshotOf } from '../../record/record-doc.ts';
import type { DayFigures, OpenRecord, RecordSnapshot } from '../../record/store.ts';
import { ChainWork, type LaneCall, type LaneRefusal, type PortRecordsOptions } from './chain-work.ts';
import { LaneNotices } from './lane-notices.ts';
import { finished } from './plan-steps.ts';
import { RecordSteps } from './record-steps.ts';

/** Audit lines of no lane. Lane names never begin with a dot. */
export const PORT_CHAIN = '.port';

/**
 * The joint record of the port as lanes reach it: the rules, the tables and the journal of `app/record`, with a fence around
 * each lane (its own records, its newest start) and few round trips: what was read is kept, what many lanes write goes out
 * together. Two hubs on one database may do this at once; the heads of the chains tell who was first.
 */
export class PortRecords {
  readonly steps: RecordSteps;
  readonly notices: LaneNotices;
  readonly #work: ChainWork;
  readonly #signingKey: SigningKey;

  constructor(options: PortRecordsOptions) {
    this.#signingKey = options.signingKey;
    this.#work = new ChainWork(options);
    this.steps = new RecordSteps(this.#work, options);
    this.notices = new LaneNotices(this.#work);
  }

  /** A lane has started: from now on only this start of it counts. Moves the chain's head, so that nothing planned before is written. */
  registerLife(laneId: string, software: string): Promise<Result<LifeAnswer, LaneRefusal>> {
    const { pool } = this.#work;
    return this.#work.guarded(laneId, null, async (context) => {
      const chain = await this.#work.chain(laneId);
      const begun = await beginLife(pool, chain, context);
      this.#work.chains.forget(laneId);
      if (!begun.ok) return begun;
      await pool.query(
        `INSERT INTO hub_lanes VALUES ($1, $2, $3) ON CONFLICT (lane_id) DO UPDATE
          SET software = excluded.software, started_at = excluded.started_at`,
        [laneId, software, context.at],
      );
      return ok({ laneId, life: begun.value.life, at: context.at });
    });
  }

  audit(call: LaneCall, key: string, entry: AuditEntry): Promise<Result<number, LaneRefusal>> {
    return this.#work.fenced(call, null, async (chain, context) => {
      if (call.repeat) {
        const text = 'SELECT seq FROM hub_calls WHERE lane_id = $1 AND key = $2';
        const { rows } = await this.#work.pool.query<{ seq: string }>(text, [call.laneId, key]);
        if (rows[0] !== undefined) return ok(Number(rows[0].seq));
      }
      const { recordId, ...payload } = entry;
      const plan = planChain(chain, context);
      const { seq } = plan.append({ type: 'audit', recordId, payload });
      const planned = finished(chain, plan, { callKey: key });
      await this.#work.write(planned, null);
      return ok(seq);
    });
  }

  /** A line of the hub's own, in the port's chain. */
  portAudit(entry: AuditEntry): Promise<Result<number, LaneRefusal>> {
    return this.#work.guarded(PORT_CHAIN, null, async (context) => {
      const chain = await this.#work.chain(PORT_CHAIN);
      const { recordId, ...payload } = entry;
      const plan = planChain(chain, context);
      const { seq } = plan.append({ type: 'audit', recordId, payload });
      const planned = finished(chain, plan, {});
      await this.#work.write(planned, null);
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
    return this.#work.guarded(laneId, recordId, async (context) => {
      if ((await this.#work.chains.record(recordId)) !== null) return ok();
      const chain = await this.#work.chain(laneId);
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
      const changes = [{ event: { type: 'opened', opening } as const, before: null, after: opened }, referred.value];
      const payload = { event: 'duplicateDocument', owner: 'port', facts };
      await this.steps.apply(chain, changes, 1, context, [{ type: 'audit', recordId, payload }]);
      return ok();
    });
  }

  keepMaterial(call: LaneCall, recordId: string, sealed: Sealed): Promise<Result<void, LaneRefusal>> {
    const { pool } = this.#work;
    return this.#work.fenced(call, recordId, async (_chain, context) => {
      const known = await this.#work.chains.record(recordId);
      if (known === null || known.doc.laneId !== call.laneId) return err({ code: 'unknownRecord', recordId });
      if (call.repeat && canonicalText(await readMaterial(pool, recordId)) === canonicalText(sealed)) return ok();
      const kept = await keepMaterial(pool, recordId, sealed, context);
      this.#work.chains.forget(call.laneId);
      return kept;
    });
  }

  material(call: LaneCall, recordId: string): Promise<Result<Sealed | null, LaneRefusal>> {
    return this.#work.reading(call, async () => {
      const known = await this.#work.chains.record(recordId);
      if (known === null || known.doc.laneId !== call.laneId) return ok(null);
      return ok(await readMaterial(this.#work.pool, recordId));
    });
  }

  read(call: LaneCall, recordId: string): Promise<Result<RecordSnapshot, LaneRefusal>> {
    return this.#work.reading(call, async () => {
      // What another hub wrote meanwhile must be seen: a reader has no head to be refused by.
      this.#work.chains.forget(call.laneId, recordId);
      const known = await this.#work.chains.record(recordId);
      if (known === null || known.doc.laneId !== call.laneId) return err({ code: 'unknownRecord', recordId });
      return ok(snapshotOf(known.doc));
    });
  }

  live(call: LaneCall): Promise<Result<readonly RecordSnapshot[], LaneRefusal>> {
    return this.#work.reading(call, async () => ok((await readLive(this.#work.pool, call.laneId)).map(snapshotOf)));
  }

  /** What became of a record, whichever lane's it is. Read anew: a control gives back what it holds on our word. */
  async outcome(recordId: string): Promise<Result<RecordOutcome, LaneRefusal>> {
    try {
      const known = await readRecord(this.#work.pool, recordId);
      if (known !== null) return outcomeOf(ok(snapshotOf(known.doc)));
      const text = 'SELECT state FROM hub_merged WHERE record_id = $1';
      const { rows } = await this.#work.pool.query<{ state: string }>(text, [recordId]);
      return ok(rows[0] === undefined ? 'unknown' : mergedOutcome(rows[0].state));
    } catch (cause) {
      return pgFailure(cause);
    }
  }

  /** The public half of what receipts and checkpoints are signed with. */
  get signs(): { readonly keyId: string; readonly raw: string } {
    return { keyId: this.#signingKey.keyId, raw: this.#signingKey.publicKeyRaw };
  }

  figures(call: LaneCall, sinceIso: string): Promise<Result<DayFigures, LaneRefusal>> {
    return this.#work.reading(call, async () => ok(await readFigures(this.#work.pool, call.laneId, sinceIso)));
  }

  checkpoint(call: LaneCall): Promise<Result<void, LaneRefusal>> {
    return this.#work.fenced(call, null, (chain, context) => this.#work.sign(chain, context));
  }

  /** Signs what is unsigned and takes nothing more. */
  close(): Promise<void> {
    return this.#work.close();
  }
}

/** Of a record made without the hub its journal tells the state alone; a referral's clearance may stand or not: no word. */
function mergedOutcome(state: string): RecordOutcome {
  if (state === 'passed' || state === 'committed') return state;
  return state === 'voided' || state === 'refused' || state === 'abandoned' ? 'voided' : 'open';
}
