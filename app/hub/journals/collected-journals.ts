import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import type { JournalTaken, journalRowSchema } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { journalHashOfText } from '../../record/journal.ts';
import { inTransaction } from '../../record/postgres/transaction.ts';
import type { PortRecords } from '../records/port-records.ts';
import { findConflicts } from './conflicts.ts';
import { mergeRecords } from './merge-records.ts';

export type UploadedEntry = z.infer<typeof journalRowSchema>;
export type JournalError =
  | { readonly code: 'journalForked'; readonly seq: number }
  | { readonly code: 'laneMismatch' }
  | { readonly code: 'storeFailed'; readonly detail: string };

interface Head {
  readonly lane_id: string;
  readonly head_seq: string;
  readonly head_hash: string;
}

/** Takes a refusal out of a transaction, which it undoes. */
class Refused extends Error {
  readonly error: JournalError;

  constructor(error: JournalError) {
    super(error.code);
    this.error = error;
  }
}

/**
 * Journals that lanes keep in files of their own (audit lines and records made while no hub answered), collected entry by
 * entry: the hash of each is computed anew and must stand on the one before. What was taken once may come again.
 */
export class CollectedJournals {
  readonly #pool: Pool;
  readonly #records: Pick<PortRecords, 'portAudit' | 'referConflict'>;

  constructor(pool: Pool, records: Pick<PortRecords, 'portAudit' | 'referConflict'>) {
    this.#pool = pool;
    this.#records = records;
  }

  /** The number the next entry must have; 1 of a journal that is not known. */
  async nextSeq(laneId: string, storeId: string): Promise<Result<number, JournalError>> {
    return guarded(async () => {
      const text = 'SELECT lane_id, head_seq, head_hash FROM hub_journals WHERE store_id = $1';
      const { rows } = await this.#pool.query<Head>(text, [storeId]);
      if (rows[0] === undefined) return ok(1);
      return rows[0].lane_id === laneId ? ok(Number(rows[0].head_seq) + 1) : err({ code: 'laneMismatch' });
    });
  }

  async take(
    laneId: string,
    storeId: string,
    entries: readonly UploadedEntry[],
  ): Promise<Result<JournalTaken, JournalError>> {
    return guarded(async () => {
      const taken = await this.#takeOrNothing(laneId, storeId, entries);
      if (!taken.ok) {
        if (taken.error.code === 'journalForked') await this.#alarm(laneId, storeId, taken.error.seq);
        return taken;
      }
      // After the entries are kept: what fails here is done with the next upload, which may repeat these entries.
      const merged = await mergeRecords(this.#pool, laneId, storeId, entries);
      const conflicts: string[] = [];
      for (const doc of merged) {
        for (const conflict of await findConflicts(this.#pool, doc)) {
          const facts = { record: doc.recordId, other: conflict.otherId, otherLane: conflict.otherLane };
          const referred = await this.#records.referConflict(laneId, conflict.referral, facts);
          if (!referred.ok) throw new Error(`a conflict could not be referred: ${referred.error.code}`);
          conflicts.push(conflict.referral.recordId);
        }
      }
      return ok({ nextSeq: taken.value + 1, merged: merged.length, conflicts: [...new Set(conflicts)].slice(0, 500) });
    });
  }

  /** What is refused leaves nothing behind, not even the journal's name. */
  async #takeOrNothing(
    laneId: string,
    storeId: string,
    entries: readonly UploadedEntry[],
  ): Promise<Result<number, JournalError>> {
    try {
      return await inTransaction(this.#pool, async (client) => {
        const taken = await takeEntries(client, laneId, storeId, entries);
        if (!taken.ok) throw new Refused(taken.error);
        return taken;
      });
    } catch (cause) {
      if (cause instanceof Refused) return err(cause.error);
      throw cause;
    }
  }

  async #alarm(laneId: string, storeId: string, seq: number): Promise<void> {
    const facts = { lane: laneId, store: storeId, seq };
    await this.#records.portAudit({ event: 'journalBroken', recordId: null, owner: 'port', facts });
  }
}

async function takeEntries(
  client: PoolClient,
  laneId: string,
  storeId: string,
  entries: readonly UploadedEntry[],
): Promise<Result<number, JournalError>> {
  const first = entries[0];
  if (first === undefined) return err({ code: 'journalForked', seq: 0 });
  await client.query('INSERT INTO hub_journals VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    storeId,
    laneId,
    first.seq - 1,
    first.prev_hash,
  ]);
  const { rows } = await client.query<Head>('SELECT * FROM hub_journals WHERE store_id = $1 FOR UPDATE', [storeId]);
  const known = rows[0];
  if (known === undefined) throw new Error('a journal that was just made is not there');
  if (known.lane_id !== laneId) return err({ code: 'laneMismatch' });
  let head = { seq: Number(known.head_seq), hash: known.head_hash };
  const flaw = await repeatFlaw(client, storeId, entries, head.seq);
  if (flaw !== null) return err({ code: 'journalForked', seq: flaw });
  const fresh = entries.filter(({ seq }) => seq > head.seq);
  for (const entry of fresh) {
    const { seq, at, type, record_id: recordId, payload, prev_hash: prevHash, hash } = entry;
    const linked = seq === head.seq + 1 && prevHash === head.hash;
    if (!linked || journalHashOfText({ seq, at, type, recordId, prevHash }, payload) !== hash) {
      return err({ code: 'journalForked', seq });
    }
    head = { seq, hash };
  }
  if (fresh.length > 0) {
    await client.query(
      `INSERT INTO hub_journal_entries SELECT $1, e.* FROM jsonb_to_recordset($2::jsonb)
        AS e(seq bigint, at text, type text, record_id uuid, payload text, prev_hash text, hash text)`,
      [storeId, JSON.stringify(fresh)],
    );
    await client.query('UPDATE hub_journals SET head_seq = $2, head_hash = $3 WHERE store_id = $1', [
      storeId,
      head.seq,
      head.hash,
    ]);
  }
  return ok(head.seq);
}

/**
 * The number of an entry that was taken before and is another one now; null when all are the same. Of the front that retention
 * has erased nothing can be said, and nothing of it is taken again.
 */
async function repeatFlaw(
  client: PoolClient,
  storeId: string,
  entries: readonly UploadedEntry[],
  headSeq: number,
): Promise<number | null> {
  const again = entries.filter(({ seq }) => seq <= headSeq);
  if (again.length === 0) return null;
  const { rows: fronts } = await client.query<{ first: string | null }>(
    'SELECT min(seq) AS first FROM hub_journal_entries WHERE store_id = $1',
    [storeId],
  );
  const first = Number(fronts[0]?.first ?? headSeq + 1);
  const text = 'SELECT seq, hash FROM hub_journal_entries WHERE store_id = $1 AND seq = ANY($2)';
  const { rows } = await client.query<{ seq: string; hash: string }>(text, [storeId, again.map(({ seq }) => seq)]);
  const hashes = new Map(rows.map(({ seq, hash }) => [Number(seq), hash]));
  return again.find(({ seq, hash }) => seq >= first && hashes.get(seq) !== hash)?.seq ?? null;
}

async function guarded<T>(work: () => Promise<Result<T, JournalError>>): Promise<Result<T, JournalError>> {
  try {
    return await work();
  } catch (cause) {
    return err({ code: 'storeFailed', detail: cause instanceof Error ? cause.message : 'unknown' });
  }
}
