import type { Pool, PoolClient } from 'pg';
import { sha256Hex } from '../../crypto/digest.ts';
import type { JournalRow } from '../journal.ts';
import type { RecordDoc } from '../record-doc.ts';
import { type AnswerRow, docOf, type RecordRow } from '../record-rows.ts';
import type { CheckpointRow } from './checkpoint-check.ts';
import type { RecordFile } from './record-file.ts';
import type { StoredRecord } from './row-check.ts';

type Rows<T> = readonly T[];
interface Keyed {
  readonly record_id: string;
}

/** One chain of a port, at one instant (one repeatable-read transaction), in the form the verification reads. */
export async function loadPgChain(pool: Pool, chain: string): Promise<RecordFile> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const file = await load(client, chain);
    await client.query('COMMIT');
    return file;
  } finally {
    client.release();
  }
}

async function load(client: PoolClient, chain: string): Promise<RecordFile> {
  const all = async <T extends object>(sql: string): Promise<Rows<T>> => (await client.query<T>(sql, [chain])).rows;
  const ofRecords = <T extends object>(columns: string, table: string) =>
    all<T & Keyed>(
      `SELECT t.record_id, ${columns} FROM ${table} t JOIN records r USING (record_id) WHERE r.lane_id = $1`,
    );

  const [store] = await all<{ store_id: string; first_seq: string; first_prev_hash: string }>(
    'SELECT store_id, first_seq, first_prev_hash FROM chains WHERE chain = $1',
  );
  if (store === undefined) throw new Error('there is no such chain');
  const journal = (
    await all<Omit<JournalRow, 'seq'> & { seq: string }>('SELECT * FROM journal WHERE chain = $1 ORDER BY seq')
  ).map((row) => ({ ...row, seq: Number(row.seq) }));
  const checkpoints = (
    await all<{ seq: string; checkpoint: string }>(
      'SELECT seq, checkpoint FROM checkpoints WHERE chain = $1 ORDER BY seq',
    )
  ).map((row): CheckpointRow => ({ ...row, seq: Number(row.seq) }));
  const records = new Map(
    (await all<RecordRow>('SELECT * FROM records WHERE lane_id = $1')).map((row) => [row.record_id, row]),
  );
  const answers = byRecord(await ofRecords<AnswerRow>('t.side, t.answer', 'answers'));
  const clearances = byRecord(
    await ofRecords<StoredRecord['clearances'][number]>('t.side, t.status, t.committed_at', 'clearances'),
  );
  const receipts = byRecord(await ofRecords<{ receipt: string }>('t.receipt', 'receipts'));
  const outbox = byRecord(
    await ofRecords<{ side: string; step: string; delivered_at: string | null }>(
      't.side, t.step, t.delivered_at',
      'outbox',
    ),
  );
  const materials = byRecord(await ofRecords<{ sealed: string }>('t.sealed', 'referral_material'));
  const claims = await ofRecords<{ name: string }>(`t.kind || ' ' || t.digest AS name`, 'claims');
  const hashes = new Map(journal.map(({ seq, hash }) => [seq, hash]));
  const opened = new Set(journal.filter(({ type }) => type === 'opened').map((row) => row.record_id));
  const docOrNull = (recordId: string): RecordDoc | null => {
    const row = records.get(recordId);
    try {
      return row === undefined ? null : docOf(row, answers.get(recordId) ?? []);
    } catch {
      // Not what this software writes: reported as unreadable.
      return null;
    }
  };

  return {
    store: { ...store, first_seq: Number(store.first_seq) },
    damage: () => null,
    journal: () => journal,
    checkpoints: () => checkpoints,
    hashAt: (seq) => hashes.get(seq) ?? null,
    strayRecordIds: () => [...records.keys()].filter((recordId) => !opened.has(recordId)),
    payloads: (type) => journal.filter((row) => row.type === type).map(({ payload }) => payload),
    claims: () => claims,
    stored: (recordId) => {
      const notices = outbox.get(recordId) ?? [];
      return {
        doc: docOrNull(recordId),
        clearances: clearances.get(recordId) ?? [],
        receipt: receipts.get(recordId)?.[0]?.receipt ?? null,
        notices: notices.map(({ side, step }) => `${side} ${step}`),
        undelivered: notices.filter((notice) => notice.delivered_at === null).map(({ side }) => side),
        material: digestOf(materials.get(recordId)?.[0]?.sealed),
      };
    },
    docsOpened: (fromIso, toIso) =>
      [...records.keys()]
        .map(docOrNull)
        .filter((doc) => doc !== null)
        .filter((doc) => doc.openedAt >= fromIso && doc.openedAt < toIso)
        .sort((a, b) => a.openedAt.localeCompare(b.openedAt)),
    close: () => undefined,
  };
}

function digestOf(text: string | undefined): string | null {
  return text === undefined ? null : sha256Hex(text);
}

function byRecord<T extends Keyed>(rows: Rows<T>): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.record_id);
    if (group === undefined) groups.set(row.record_id, [row]);
    else group.push(row);
  }
  return groups;
}
