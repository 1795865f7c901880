import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { NO_HASH } from '../../record/journal.ts';
import type { ChainRow } from '../../record/postgres/chain-plan.ts';
import { type LoadedRecord, readChain, readRecord } from '../../record/postgres/queries.ts';
import type { Queryable } from '../../record/postgres/transaction.ts';

/** More live records than any port has. */
const MAX_RECORDS = 10_000;
const MAX_CHAINS = 2_000;

/**
 * What this hub saw last of each lane's chain and of its live records. It saves reads, it decides nothing: every write says
 * which head it stands on, and the database refuses it when another hub has written meanwhile (then `forget` and read again).
 */
export class LaneChains {
  readonly #pool: Pool;
  readonly #chains = new Map<string, ChainRow>();
  readonly #records = new Map<string, LoadedRecord>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Null: the lane has never begun a life. */
  async of(laneId: string): Promise<ChainRow | null> {
    const known = this.#chains.get(laneId) ?? (await readChain(this.#pool, laneId));
    if (known !== null) this.#keepChain(laneId, known);
    return known;
  }

  async record(recordId: string): Promise<LoadedRecord | null> {
    const known = this.#records.get(recordId) ?? (await readRecord(this.#pool, recordId));
    return known;
  }

  /** After a write that the database has taken. */
  wrote(laneId: string, chain: ChainRow, record: { readonly id: string; readonly loaded: LoadedRecord } | null): void {
    this.#keepChain(laneId, chain);
    if (record === null) return;
    this.#records.delete(record.id);
    if (record.loaded.doc.endedAt === null) this.#records.set(record.id, record.loaded);
    if (this.#records.size > MAX_RECORDS) this.#records.delete(this.#records.keys().next().value ?? '');
  }

  forget(laneId: string, recordId: string | null = null): void {
    this.#chains.delete(laneId);
    if (recordId !== null) this.#records.delete(recordId);
    else for (const [id, { doc }] of this.#records) if (doc.laneId === laneId) this.#records.delete(id);
  }

  #keepChain(laneId: string, chain: ChainRow): void {
    this.#chains.set(laneId, chain);
    if (this.#chains.size > MAX_CHAINS) this.#chains.delete(this.#chains.keys().next().value ?? '');
  }
}

export async function makeChain(to: Queryable, chain: string): Promise<void> {
  const text = `INSERT INTO chains (chain, store_id, first_prev_hash, head_seq, head_hash) VALUES ($1, $2, $3, 0, $3)
    ON CONFLICT DO NOTHING`;
  await to.query(text, [chain, randomUUID(), NO_HASH]);
}
