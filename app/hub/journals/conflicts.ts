import type { Pool } from 'pg';
import type { Direction } from '../../contract/crossing.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import { claimsOf } from '../../record/consequences.ts';
import type { RecordDoc } from '../../record/record-doc.ts';

export interface Conflict {
  readonly otherId: string;
  readonly otherLane: string;
  /** The referral that stands for it: named by both records, so that it is made once, whoever is merged first. */
  readonly referral: { readonly recordId: string; readonly direction: Direction; readonly digest: string };
}

interface Found {
  readonly record_id: string;
  readonly lane_id: string;
}

/** Records, of the hub or merged from other lanes, that held a document or the profile of `doc` while it was live (G3). */
export async function findConflicts(pool: Pool, doc: RecordDoc): Promise<readonly Conflict[]> {
  const from = doc.openedAt;
  const to = doc.endedAt ?? '9999';
  const claims = JSON.stringify(claimsOf(doc));
  const digests = claimsOf(doc).map(({ digest }) => digest);
  const merged = await pool.query<Found>(
    `SELECT DISTINCT m.record_id, m.lane_id FROM jsonb_to_recordset($1::jsonb) AS c(kind text, digest text)
      JOIN hub_merged_claims h USING (kind, digest) JOIN hub_merged m ON m.record_id = h.record_id
      WHERE m.record_id <> $2 AND m.opened_at <= $4 AND (m.ended_at IS NULL OR m.ended_at >= $3)`,
    [claims, doc.recordId, from, to],
  );
  const live = await pool.query<Found>(
    `SELECT DISTINCT r.record_id, r.lane_id FROM jsonb_to_recordset($1::jsonb) AS c(kind text, digest text)
      JOIN claims h USING (kind, digest) JOIN records r ON r.record_id = h.record_id WHERE r.opened_at <= $2`,
    [claims, to],
  );
  // Ended ones hold no claims any more: each lane's few records of that time are looked at, by its index.
  const ended = await pool.query<Found>(
    `SELECT r.record_id, r.lane_id FROM chains c JOIN records r ON r.lane_id = c.chain AND r.ended_at >= $1
      WHERE r.opened_at <= $2 AND (r.rest::jsonb -> 'documentDigests' ?| $3 OR r.rest::jsonb ->> 'profileDigest' = ANY($3))`,
    [from, to, digests],
  );
  const others = new Map<string, Found>();
  for (const row of [...merged.rows, ...live.rows, ...ended.rows]) others.set(row.record_id, row);
  others.delete(doc.recordId);
  return [...others.values()].map(({ record_id, lane_id }) => {
    const digest = sha256Hex(`conflict ${[doc.recordId, record_id].sort().join(' ')}`);
    const recordId = uuidOf(digest);
    return { otherId: record_id, otherLane: lane_id, referral: { recordId, direction: doc.direction, digest } };
  });
}

/** A UUID of version 8 (RFC 9562 §5.8) out of a digest. */
function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
