import type Database from 'better-sqlite3';
import {
  type AuditQuery,
  type ChartQuery,
  type ConsoleAnswerOf,
  FOUND_MAX,
} from '../../contract/supervisor-console.ts';
import { auditLineOf, type JournalLine, wantedOf } from './audit-lines.ts';
import { type ChartRecord, chartsOf, MAX_STEP_RECORDS, STEP_TYPES, type StepRow } from './charts.ts';
import { type FoundRow, foundRecordOf, pageOf } from './found-records.ts';
import type { RecordSearchQuery } from './record-search.ts';

/** The questions to one lane's file, in the thread of `search-worker.ts`. Lists go in as JSON: SQLite binds no arrays. */
export function searchRecords(db: Database.Database, query: RecordSearchQuery): ConsoleAnswerOf<'records'> {
  const rows = db
    .prepare<[Record<string, unknown>], FoundRow>(
      `SELECT record_id, lane_id, state, opened_at, ended_at, rest FROM records r
        WHERE opened_at >= @from AND opened_at <= @to AND (@before IS NULL OR opened_at < @before)
          AND (@laneId IS NULL OR lane_id = @laneId)
          AND (@states = '[]' OR state IN (SELECT value FROM json_each(@states)))
          AND (@digest IS NULL OR EXISTS (SELECT 1 FROM json_each(r.rest, '$.documentDigests') WHERE value = @digest))
        ORDER BY opened_at DESC LIMIT @limit`,
    )
    .all({
      from: query.from,
      to: query.to,
      before: query.before,
      laneId: query.laneId,
      states: JSON.stringify(query.states),
      digest: query.documentDigest,
      limit: FOUND_MAX + 1,
    });
  const { page, more } = pageOf(rows, FOUND_MAX);
  return { type: 'records', records: page.map(foundRecordOf), more };
}

export function searchAudit(db: Database.Database, query: AuditQuery, laneId: string): ConsoleAnswerOf<'audit'> {
  if (query.laneId !== null && query.laneId !== laneId) return { type: 'audit', lines: [], more: false };
  const { types, events } = wantedOf(query);
  const rows = db
    .prepare<[Record<string, unknown>], JournalLine>(
      `SELECT seq, @laneId AS lane_id, at, type, record_id, payload FROM journal
        WHERE at >= @from AND at <= @to AND (@before IS NULL OR seq < @before)
          AND (type IN (SELECT value FROM json_each(@types))
            OR (type = 'audit' AND json_extract(payload, '$.event') IN (SELECT value FROM json_each(@events))))
        ORDER BY seq DESC LIMIT @limit`,
    )
    .all({
      laneId,
      from: query.from,
      to: query.to,
      before: query.before,
      types: JSON.stringify(types),
      events: JSON.stringify(events),
      limit: FOUND_MAX + 1,
    });
  const { page, more } = pageOf(rows, FOUND_MAX);
  return { type: 'audit', lines: page.flatMap((row) => auditLineOf(row) ?? []), more };
}

export function searchCharts(db: Database.Database, query: ChartQuery): ConsoleAnswerOf<'charts'> {
  const bounds = { from: query.from, to: query.to, laneId: query.laneId };
  const inPeriod = (column: string): string => `${column} >= @from AND ${column} < @to`;
  const records = db
    .prepare<[typeof bounds], ChartRecord>(
      `SELECT state, opened_at, ended_at, referred_at FROM records
        WHERE (@laneId IS NULL OR lane_id = @laneId) AND (${inPeriod('ended_at')} OR ${inPeriod('referred_at')})`,
    )
    .all(bounds);
  const steps = db
    .prepare<[Record<string, unknown>], StepRow>(
      `WITH newest AS (SELECT record_id, opened_seq FROM records
          WHERE state = 'passed' AND ${inPeriod('ended_at')} AND (@laneId IS NULL OR lane_id = @laneId)
          ORDER BY ended_at DESC LIMIT @limit)
        SELECT j.record_id, j.type, j.at FROM journal j JOIN newest n ON n.record_id = j.record_id
        WHERE j.seq >= (SELECT min(opened_seq) FROM newest) AND j.type IN (SELECT value FROM json_each(@types))`,
    )
    .all({ ...bounds, limit: MAX_STEP_RECORDS, types: JSON.stringify(STEP_TYPES) });
  return chartsOf(records, steps, query);
}
