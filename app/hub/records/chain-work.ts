import type { Pool } from 'pg';
import { err, ok, type Result } from '../../contract/result.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import { CHECKPOINT_POLICY, type CheckpointPolicy } from '../../record/checkpoint.ts';
import type { ControlKeys } from '../../record/clearance-check.ts';
import { type ChainRow, type PlanContext, planChain } from '../../record/postgres/chain-plan.ts';
import { exclusiveByName } from '../../record/postgres/exclusive.ts';
import { isConflict, pgFailure } from '../../record/postgres/pg-failure.ts';
import type { LoadedRecord } from '../../record/postgres/queries.ts';
import type { StoreError } from '../../record/store.ts';
import type { HubDatabase } from '../database/open-database.ts';
import { type BatchWriter, batchWriter } from './batch-writer.ts';
import { LaneChains, makeChain } from './lane-chains.ts';
import { finished, type PlannedSteps } from './plan-steps.ts';

/** Who calls: the lane of the certificate, which start of it, and whether an earlier try may have been done already. */
export interface LaneCall {
  readonly laneId: string;
  readonly life: number;
  readonly repeat: boolean;
}

export type LaneRefusal = StoreError | { readonly code: 'laneMismatch' };

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

/** `tries` counts from 1: what was believed at the first was wrong at the second. */
export type Attempt<T> = (chain: ChainRow, context: PlanContext, tries: number) => Promise<Result<T, LaneRefusal>>;

const MAX_ATTEMPTS = 50;

/**
 * Work on one chain of the port: one after the other in this hub, begun again when another hub was faster, and for a lane
 * only in its present life. Signs by itself what a lane that fell silent has left unsigned.
 */
export class ChainWork {
  readonly pool: Pool;
  readonly chains: LaneChains;
  readonly #options: PortRecordsOptions;
  readonly #policy: CheckpointPolicy;
  readonly #writer: BatchWriter;
  readonly #exclusive = exclusiveByName();
  readonly #timer: NodeJS.Timeout;

  constructor(options: PortRecordsOptions) {
    this.#options = options;
    this.pool = options.database.pool;
    this.chains = new LaneChains(this.pool);
    this.#policy = options.checkpoint ?? CHECKPOINT_POLICY;
    this.#writer = batchWriter(options.database.writers, options.writers ?? 1);
    this.#timer = setInterval(() => void this.#signOld(), this.#policy.everyMs / 4);
    this.#timer.unref();
  }

  /** A chain of this name, made if there is none. */
  async chain(name: string): Promise<ChainRow> {
    const known = await this.chains.of(name);
    if (known !== null) return known;
    await makeChain(this.pool, name);
    const made = await this.chains.of(name);
    if (made === null) throw new Error('a chain that was just made is not there');
    return made;
  }

  /** Durable when it resolves; then what this hub knows of the chain, and of its record, is what was written. */
  async write(
    planned: PlannedSteps,
    record: { readonly id: string; readonly loaded: LoadedRecord } | null,
  ): Promise<ChainRow> {
    await this.#writer.write(planned.json);
    this.chains.wrote(planned.chain.chain, planned.chain, record);
    return planned.chain;
  }

  /** Reads, decides and writes; from the start again when another hub was faster. */
  guarded<T>(
    chain: string,
    recordId: string | null,
    attempt: (context: PlanContext, tries: number) => Promise<Result<T, LaneRefusal>>,
  ): Promise<Result<T, LaneRefusal>> {
    return this.#exclusive(chain, async () => {
      for (let tries = 1; ; tries++) {
        try {
          const { signingKey: key, controlKeys: keys, clock } = this.#options;
          return await attempt({ key, keys, policy: this.#policy, at: clock().toISOString() }, tries);
        } catch (cause) {
          this.chains.forget(chain, recordId);
          if (!isConflict(cause) || tries === MAX_ATTEMPTS) return pgFailure(cause);
        }
      }
    });
  }

  /** For a lane, on its own chain, in its present life. */
  fenced<T>(call: LaneCall, recordId: string | null, attempt: Attempt<T>): Promise<Result<T, LaneRefusal>> {
    return this.guarded(call.laneId, recordId, async (context, tries) => {
      const chain = await this.#newest(call);
      return chain.ok ? attempt(chain.value, context, tries) : chain;
    });
  }

  async reading<T>(call: LaneCall, work: () => Promise<Result<T, LaneRefusal>>): Promise<Result<T, LaneRefusal>> {
    try {
      const chain = await this.#newest(call);
      return chain.ok ? await work() : chain;
    } catch (cause) {
      return pgFailure(cause);
    }
  }

  async sign(chain: ChainRow, context: PlanContext): Promise<Result<void, LaneRefusal>> {
    if (Number(chain.head_seq) === Number(chain.signed_seq)) return ok();
    const plan = planChain(chain, context);
    plan.checkpoint();
    const planned = finished(chain, plan, {});
    await this.write(planned, null);
    return ok();
  }

  /** Signs what is unsigned and takes nothing more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#signWhere('head_seq > signed_seq', []);
  }

  /** The lane's chain, if the call comes from its present life. A life that another hub has begun is not known here yet. */
  async #newest({ laneId, life }: LaneCall): Promise<Result<ChainRow, StoreError>> {
    const known = await this.chains.of(laneId);
    if (known !== null && Number(known.life) === life) return ok(known);
    this.chains.forget(laneId);
    const read = await this.chains.of(laneId);
    if (read !== null && Number(read.life) === life) return ok(read);
    return err({ code: 'earlierLife', laneId, life: Number(read?.life ?? 0) + (read === null ? 1 : 0) });
  }

  async #signOld(): Promise<void> {
    const before = new Date(this.#options.clock().getTime() - this.#policy.everyMs).toISOString();
    await this.#signWhere('head_seq > signed_seq AND unsigned_since <= $1', [before]);
  }

  async #signWhere(condition: string, values: readonly string[]): Promise<void> {
    try {
      const text = `SELECT chain FROM chains WHERE ${condition}`;
      const { rows } = await this.pool.query<{ chain: string }>(text, [...values]);
      for (const { chain: name } of rows) {
        await this.guarded(name, null, async (context) => {
          const known = await this.chains.of(name);
          return known === null ? ok() : this.sign(known, context);
        });
      }
    } catch {
      // The database is away: the next round signs, and whoever writes meanwhile is told by the writes themselves.
    }
  }
}
