import type { Pool } from 'pg';
import {
  type AuditQuery,
  type ChartQuery,
  type ConsoleAnswerOf,
  type ConsoleReply,
  consoleError,
  FOUND_MAX,
} from '../../contract/supervisor-console.ts';
import { keyedHashHex } from '../../crypto/digest.ts';
import { auditLineOf, type JournalLine, wantedOf } from '../../record/search/audit-lines.ts';
import { type ChartRecord, chartsOf, MAX_STEP_RECORDS, STEP_TYPES, type StepRow } from '../../record/search/charts.ts';
import { type FoundRow, foundRecordOf, pageOf } from '../../record/search/found-records.ts';
import type { RecordSearchQuery } from '../../record/search/record-search.ts';
import type { PortQueries } from './hub-seat.ts';

export interface PortSearchOptions {
  readonly pool: Pool;
  /** The key the port's document numbers are hashed with; null: nobody can search for a document here. */
  readonly documentKey: Uint8Array | null;
  readonly note: (event: 'recordsSearched' | 'auditLogRead', facts: { officer: string; byDocument?: boolean }) => void;
}

/** Searches, charts and the audit log over all lanes. That somebody searched is journaled; what for is not. */
export function portQueries({ pool, documentKey, note }: PortSearchOptions): PortQueries {
  return async (request, officer): Promise<ConsoleReply> => {
    if (Date.parse(request.query.from) > Date.parse(request.query.to)) {
      return { ok: false, error: consoleError('requestInvalid') };
    }
    switch (request.type) {
      case 'search': {
        const { document, ...query } = request.query;
        if (document !== null && documentKey === null) return { ok: false, error: consoleError('notPossibleNow') };
        note('recordsSearched', { officer, byDocument: document !== null });
        const documentDigest =
          document === null || documentKey === null
            ? null
            : keyedHashHex(documentKey, 'document', [document.issuingState, document.number]);
        return { ok: true, value: await searchRecords(pool, { ...query, documentDigest }) };
      }
      case 'audit':
        note('auditLogRead', { officer });
        return { ok: true, value: await searchAudit(pool, request.query) };
      case 'charts':
        return { ok: true, value: await searchCharts(pool, request.query) };
    }
  };
}

async function searchRecords(pool: Pool, query: RecordSearchQuery): Promise<ConsoleAnswerOf<'records'>> {
  const { rows } = await pool.query<FoundRow>(
    `SELECT r.record_id, r.lane_id, r.state, r.opened_at, r.ended_at, r.rest FROM chains c JOIN records r ON r.lane_id = c.chain
      WHERE r.opened_at >= $1 AND r.opened_at <= $2 AND ($3::text IS NULL OR r.opened_at < $3)
        AND ($4::text IS NULL OR c.chain = $4) AND (cardinality($5::text[]) = 0 OR r.state = ANY($5))
        AND ($6::text IS NULL OR r.rest::jsonb -> 'documentDigests' ? $6)
      ORDER BY r.opened_at DESC LIMIT $7`,
    [query.from, query.to, query.before, query.laneId, query.states, query.documentDigest, FOUND_MAX + 1],
  );
  const { page, more } = pageOf(rows, FOUND_MAX);
  return { type: 'records', records: page.map(foundRecordOf), more };
}

/** Of one lane, or of the hub's own chain: sequence numbers order the entries of one chain only. */
async function searchAudit(pool: Pool, query: AuditQuery): Promise<ConsoleAnswerOf<'audit'>> {
  const { types, events } = wantedOf(query);
  const { rows } = await pool.query<JournalLine>(
    `SELECT j.seq, j.chain AS lane_id, j.at, j.type, j.record_id, j.payload FROM journal j
      WHERE j.chain = coalesce($1, j.chain) AND j.chain NOT LIKE '.%' AND j.at >= $2 AND j.at <= $3
        AND ($4::bigint IS NULL OR j.seq < $4)
        AND (j.type = ANY($5) OR (j.type = 'audit' AND j.payload::jsonb ->> 'event' = ANY($6)))
      ORDER BY j.seq DESC LIMIT $7`,
    [query.laneId, query.from, query.to, query.before, types, events, FOUND_MAX + 1],
  );
  const { page, more } = pageOf(rows, FOUND_MAX);
  return { type: 'audit', lines: page.flatMap((row) => auditLineOf(row) ?? []), more };
}

async function searchCharts(pool: Pool, query: ChartQuery): Promise<ConsoleAnswerOf<'charts'>> {
  const bounds = [query.from, query.to, query.laneId];
  const records = await pool.query<ChartRecord>(
    `SELECT r.state, r.opened_at, r.ended_at, r.referred_at FROM chains c JOIN records r ON r.lane_id = c.chain
      WHERE ($3::text IS NULL OR c.chain = $3)
        AND ((r.ended_at >= $1 AND r.ended_at < $2) OR (r.referred_at >= $1 AND r.referred_at < $2))`,
    bounds,
  );
  const steps = await pool.query<StepRow>(
    `WITH newest AS (SELECT r.record_id, r.lane_id, r.opened_seq FROM chains c JOIN records r ON r.lane_id = c.chain
        WHERE r.state = 'passed' AND r.ended_at >= $1 AND r.ended_at < $2 AND ($3::text IS NULL OR c.chain = $3)
        ORDER BY r.ended_at DESC LIMIT $4)
      SELECT j.record_id, j.type, j.at FROM newest n JOIN journal j
        ON j.chain = n.lane_id AND j.seq BETWEEN n.opened_seq AND n.opened_seq + 200 AND j.record_id = n.record_id
      WHERE j.type = ANY($5)`,
    [...bounds, MAX_STEP_RECORDS, STEP_TYPES],
  );
  return chartsOf(records.rows, steps.rows, query);
}
