import type { Pool, PoolClient } from 'pg';
import { sha256Hex } from '../../crypto/digest.ts';
import type { JournalRow } from '../journal.ts';
import type { RecordDoc } from '../record-doc.ts';
import { type AnswerRow, docOf, type RecordRow } from '../record-rows.ts';
import type { StoreRow } from './record-file.ts';
import type { StoredRecord } from './row-check.ts';

/** Rows fetched at once: memory does not grow with the chain. */
const PAGE = 2_000;

interface Keyed {
  readonly record_id: string;
}

/** One chain of a port as an auditor reads it, page by page, all of it at one instant. */
export interface PgChainReader {
  readonly store: StoreRow;
  journal(): AsyncGenerator<readonly JournalRow[]>;
  /** Each with the hash of the entry it is about. */
  checkpoints(): AsyncGenerator<
    readonly { readonly seq: number; readonly checkpoint: string; readonly hash: string | null }[]
  >;
  payloads(types: readonly string[]): Promise<readonly string[]>;
  stored(recordIds: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>>;
  strayRecordIds(): Promise<readonly string[]>;
  claims(): Promise<readonly { readonly name: string; readonly record_id: string }[]>;
  hashes(seqs: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Records opened in a time, oldest first. */
  opened(fromIso: string, toIso: string): AsyncGenerator<readonly RecordDoc[]>;
}

export const NOTHING_STORED: StoredRecord = {
  doc: null,
  clearances: [],
  receipt: null,
  notices: [],
  material: null,
  undelivered: [],
};

/** Works on one chain inside one repeatable-read transaction: whatever lanes write meanwhile is not seen. */
export async function readingPgChain<T>(
  pool: Pool,
  chain: string,
  work: (reader: PgChainReader) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await work(await reader(client, chain));
    await client.query('COMMIT');
    broken = false;
    return result;
  } finally {
    client.release(broken);
  }
}

async function reader(client: PoolClient, chain: string): Promise<PgChainReader> {
  const all = async <T extends object>(sql: string, ...more: readonly unknown[]): Promise<readonly T[]> =>
    (await client.query<T>(sql, [chain, ...more])).rows;
  const [store] = await all<{ store_id: string; first_seq: string; first_prev_hash: string }>(
    'SELECT store_id, first_seq, first_prev_hash FROM chains WHERE chain = $1',
  );
  if (store === undefined) throw new Error('there is no such chain');

  return {
    store: { ...store, first_seq: Number(store.first_seq) },
    async *journal() {
      const sql = 'SELECT * FROM journal WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3';
      for (let after = 0; ; ) {
        const rows = await all<Omit<JournalRow, 'seq'> & { readonly seq: string }>(sql, after, PAGE);
        if (rows.length > 0) yield rows.map((row) => ({ ...row, seq: Number(row.seq) }));
        if (rows.length < PAGE) return;
        after = Number(rows.at(-1)?.seq);
      }
    },
    async *checkpoints() {
      const sql = `SELECT c.seq, c.checkpoint, j.hash FROM checkpoints c LEFT JOIN journal j USING (chain, seq)
        WHERE c.chain = $1 AND c.seq > $2 ORDER BY c.seq LIMIT $3`;
      for (let after = 0; ; ) {
        const rows = await all<{ seq: string; checkpoint: string; hash: string | null }>(sql, after, PAGE);
        if (rows.length > 0) yield rows.map((row) => ({ ...row, seq: Number(row.seq) }));
        if (rows.length < PAGE) return;
        after = Number(rows.at(-1)?.seq);
      }
    },
    payloads: async (types) => {
      const sql = 'SELECT payload FROM journal WHERE chain = $1 AND type = ANY($2) ORDER BY seq';
      return (await all<{ payload: string }>(sql, types)).map(({ payload }) => payload);
    },
    stored: (recordIds) => storedOf(client, recordIds),
    strayRecordIds: async () => {
      const sql = `SELECT record_id FROM records r WHERE lane_id = $1 AND NOT EXISTS
        (SELECT 1 FROM journal j WHERE j.chain = $1 AND j.seq = r.opened_seq AND j.type = 'opened' AND j.record_id = r.record_id)
        LIMIT 1000`;
      return (await all<Keyed>(sql)).map(({ record_id }) => record_id);
    },
    claims: () =>
      all(`SELECT t.kind || ' ' || t.digest AS name, t.record_id FROM claims t JOIN records r USING (record_id)
        WHERE r.lane_id = $1`),
    hashes: async (seqs) => {
      const rows = await all<{ seq: string; hash: string }>(
        'SELECT seq, hash FROM journal WHERE chain = $1 AND seq = ANY($2)',
        seqs,
      );
      return new Map(rows.map(({ seq, hash }) => [Number(seq), hash]));
    },
    async *opened(fromIso, toIso) {
      const sql = `SELECT record_id, opened_at FROM records WHERE lane_id = $1 AND opened_at >= $2 AND opened_at < $3
        AND (opened_at, record_id) > ($4, $5) ORDER BY opened_at, record_id LIMIT $6`;
      for (let [at, id] = ['', '00000000-0000-0000-0000-000000000000']; ; ) {
        const rows = await all<Keyed & { readonly opened_at: string }>(sql, fromIso, toIso, at, id, PAGE);
        const stored = await storedOf(
          client,
          rows.map(({ record_id }) => record_id),
        );
        const docs = rows.map(({ record_id }) => stored.get(record_id)?.doc ?? null);
        if (docs.includes(null)) throw new Error('a record’s row cannot be read');
        if (docs.length > 0) yield docs.filter((doc) => doc !== null);
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE) return;
        [at, id] = [last.opened_at, last.record_id];
      }
    },
  };
}

/** What the tables hold about some records; those that have no row are not in it. */
async function storedOf(client: PoolClient, recordIds: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
  if (recordIds.length === 0) return new Map();
  const rowsOf = async <T>(columns: string, table: string): Promise<ReadonlyMap<string, readonly (T & Keyed)[]>> => {
    const sql = `SELECT record_id, ${columns} FROM ${table} WHERE record_id = ANY($1::uuid[])`;
    return byRecord((await client.query<T & Keyed>(sql, [recordIds])).rows);
  };
  const sql = 'SELECT * FROM records WHERE record_id = ANY($1::uuid[])';
  const records = new Map((await client.query<RecordRow>(sql, [recordIds])).rows.map((row) => [row.record_id, row]));
  const answers = await rowsOf<AnswerRow>('side, answer', 'answers');
  const clearances = await rowsOf<StoredRecord['clearances'][number]>('side, status, committed_at', 'clearances');
  const receipts = await rowsOf<{ receipt: string }>('receipt', 'receipts');
  const outbox = await rowsOf<{ side: string; step: string; delivered_at: string | null }>(
    'side, step, delivered_at',
    'outbox',
  );
  const materials = await rowsOf<{ sealed: string }>('sealed', 'referral_material');
  return new Map(
    recordIds.map((recordId) => {
      const notices = outbox.get(recordId) ?? [];
      return [
        recordId,
        {
          doc: docOrNull(records.get(recordId), answers.get(recordId) ?? []),
          clearances: clearances.get(recordId) ?? [],
          receipt: receipts.get(recordId)?.[0]?.receipt ?? null,
          notices: notices.map(({ side, step }) => `${side} ${step}`),
          undelivered: notices.filter((notice) => notice.delivered_at === null).map(({ side }) => side),
          material: digestOf(materials.get(recordId)?.[0]?.sealed),
        },
      ];
    }),
  );
}

function docOrNull(row: RecordRow | undefined, answers: readonly AnswerRow[]): RecordDoc | null {
  try {
    return row === undefined ? null : docOf(row, answers);
  } catch {
    // Not what this software writes: reported as unreadable.
    return null;
  }
}

function digestOf(text: string | undefined): string | null {
  return text === undefined ? null : sha256Hex(text);
}

function byRecord<T extends Keyed>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.record_id);
    if (group === undefined) groups.set(row.record_id, [row]);
    else group.push(row);
  }
  return groups;
}
