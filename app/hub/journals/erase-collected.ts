import type { Pool } from 'pg';
import { inTransaction } from '../../record/postgres/transaction.ts';

/**
 * What was collected of lanes' own journals and is past its time: records that ended before the instant, then each journal's front
 * as far as nothing in it is younger or of a record that is kept. Each journal's head stays, so the next upload still has to
 * stand on it. Gives how many entries went.
 */
export function eraseCollectedBefore(pool: Pool, beforeIso: string): Promise<number> {
  return inTransaction(pool, async (client) => {
    // Nobody uploads while it is decided what is kept.
    await client.query('LOCK TABLE hub_journals IN EXCLUSIVE MODE');
    await client.query(
      `DELETE FROM hub_merged_claims c USING hub_merged m WHERE m.record_id = c.record_id AND m.ended_at < $1`,
      [beforeIso],
    );
    await client.query('DELETE FROM hub_merged WHERE ended_at < $1', [beforeIso]);
    const { rowCount } = await client.query(
      `DELETE FROM hub_journal_entries e USING hub_journals j
        WHERE j.store_id = e.store_id AND e.seq < coalesce((
          SELECT min(k.seq) FROM hub_journal_entries k WHERE k.store_id = j.store_id
            AND (k.at COLLATE "C" >= $1 OR EXISTS (SELECT FROM hub_merged m WHERE m.record_id = k.record_id))
        ), j.head_seq + 1)`,
      [beforeIso],
    );
    // By these a repeated call finds its line: of lines that are gone nobody asks any more.
    await client.query('DELETE FROM hub_calls c USING chains h WHERE h.chain = c.lane_id AND c.seq < h.first_seq');
    return rowCount ?? 0;
  });
}
