import type { Pool } from 'pg';
import { noticeSchema } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import type { OutboxNotice } from '../../record/store.ts';

/** What one lane has still to tell one side, oldest first. The lane delivers: the ways to the controls are the lane's. */
export async function readLaneOutbox(
  pool: Pool,
  laneId: string,
  side: Side,
  limit: number,
): Promise<readonly OutboxNotice[]> {
  const { rows } = await pool.query<{ id: string; attempts: number; notice: string }>({
    name: 'laneOutbox',
    text: `SELECT o.id, o.attempts, o.notice FROM outbox o
      WHERE o.side = $2 AND o.delivered_at IS NULL AND o.lane_id = $1 AND NOT EXISTS
        (SELECT 1 FROM outbox b WHERE b.record_id = o.record_id AND b.side = o.side AND b.refused_at IS NOT NULL
          AND b.delivered_at IS NULL) ORDER BY o.id LIMIT $3`,
    values: [laneId, side, limit],
  });
  return rows.map(({ id, attempts, notice }) => ({
    id: Number(id),
    attempts,
    notice: noticeSchema.parse(JSON.parse(notice)),
  }));
}
