import type { Pool, PoolClient } from 'pg';
import { claimsOf } from '../../record/consequences.ts';
import { fold, openedDoc } from '../../record/fold.ts';
import { inTransaction } from '../../record/postgres/transaction.ts';
import type { RecordDoc } from '../../record/record-doc.ts';
import { recordEventSchema } from '../../record/record-events.ts';
import { nextState } from '../../record/transitions.ts';

interface EntryRow {
  readonly record_id: string;
  readonly at: string;
  readonly type: string;
  readonly payload: string;
}

/** Lives the records of some uploaded entries again from the collected journal, and keeps who claimed what and when. */
export async function mergeRecords(
  pool: Pool,
  laneId: string,
  storeId: string,
  entries: readonly { readonly record_id: string | null }[],
): Promise<readonly RecordDoc[]> {
  const ids = [...new Set(entries.flatMap(({ record_id: id }) => (id === null ? [] : [id])))];
  if (ids.length === 0) return [];
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<EntryRow>(
      `SELECT record_id, at, type, payload FROM hub_journal_entries
        WHERE store_id = $1 AND record_id = ANY($2) ORDER BY seq`,
      [storeId, ids],
    );
    const docs = replayed(rows).filter((doc) => doc.laneId === laneId);
    for (const doc of docs) await keep(client, doc);
    return docs;
  });
}

function replayed(rows: readonly EntryRow[]): readonly RecordDoc[] {
  const docs = new Map<string, RecordDoc>();
  for (const { record_id: recordId, at, type, payload } of rows) {
    const event = recordEventSchema.safeParse({ ...(JSON.parse(payload) as object), type });
    // Audit lines and the like: no event of the record.
    if (!event.success) continue;
    if (event.data.type === 'opened') {
      docs.set(recordId, openedDoc(event.data.opening, at));
      continue;
    }
    const doc = docs.get(recordId);
    const state = doc === undefined ? null : nextState(doc, event.data);
    if (doc !== undefined && state !== null) docs.set(recordId, fold(doc, event.data, state, at));
  }
  return [...docs.values()];
}

async function keep(client: PoolClient, doc: RecordDoc): Promise<void> {
  await client.query(
    `INSERT INTO hub_merged VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (record_id) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at`,
    [doc.recordId, doc.laneId, doc.state, doc.openedAt, doc.endedAt],
  );
  await client.query(
    `INSERT INTO hub_merged_claims SELECT c.kind, c.digest, $1 FROM jsonb_to_recordset($2::jsonb) AS c(kind text, digest text)
      ON CONFLICT DO NOTHING`,
    [doc.recordId, JSON.stringify(claimsOf(doc))],
  );
}
