import { noticeSchema } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import { percentile } from '../figures.ts';
import type { RecordDoc } from '../record-doc.ts';
import { type AnswerRow, docOf, type RecordRow } from '../record-rows.ts';
import type { DayFigures, OutboxNotice } from '../store.ts';
import type { ChainRow } from './chain-plan.ts';
import type { Queryable } from './transaction.ts';

export interface LoadedRecord {
  readonly doc: RecordDoc;
  readonly version: number;
}

type Row = RecordRow & { readonly version: number; readonly answers: readonly AnswerRow[] | null };

const RECORD = `SELECT r.*, (SELECT json_agg(json_build_object('side', a.side, 'answer', a.answer)) FROM answers a
  WHERE a.record_id = r.record_id) AS answers FROM records r`;

const load = (row: Row): LoadedRecord => ({ doc: docOf(row, row.answers ?? []), version: row.version });

/** A text that is no UUID names no record; PostgreSQL would call it an error. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function readRecord(from: Queryable, recordId: string): Promise<LoadedRecord | null> {
  if (!UUID.test(recordId)) return null;
  const { rows } = await from.query<Row>({
    name: 'record',
    text: `${RECORD} WHERE r.record_id = $1`,
    values: [recordId],
  });
  return rows[0] === undefined ? null : load(rows[0]);
}

/** A record and the chain of its lane at one instant, in one round trip. */
export async function readRecordAndChain(
  from: Queryable,
  recordId: string,
): Promise<(LoadedRecord & { readonly chain: ChainRow }) | null> {
  const { rows } = await from.query<Row & { readonly chain: ChainRow }>({
    name: 'recordAndChain',
    text: `SELECT found.*, row_to_json(c) AS chain FROM (${RECORD} WHERE r.record_id = $1) found
      JOIN chains c ON c.chain = found.lane_id`,
    values: [recordId],
  });
  return rows[0] === undefined ? null : { ...load(rows[0]), chain: rows[0].chain };
}

export async function readLive(from: Queryable, laneId: string): Promise<readonly RecordDoc[]> {
  const text = `${RECORD} WHERE r.lane_id = $1 AND r.ended_at IS NULL ORDER BY r.opened_seq`;
  const { rows } = await from.query<Row>({ name: 'live', text, values: [laneId] });
  return rows.map((row) => load(row).doc);
}

export async function readChain(from: Queryable, chain: string): Promise<ChainRow | null> {
  const { rows } = await from.query<ChainRow>({
    name: 'chain',
    text: 'SELECT * FROM chains WHERE chain = $1',
    values: [chain],
  });
  return rows[0] ?? null;
}

export async function readOutbox(from: Queryable, side: Side, limit: number): Promise<readonly OutboxNotice[]> {
  const text = `SELECT id, attempts, notice FROM outbox o WHERE side = $1 AND delivered_at IS NULL AND NOT EXISTS
      (SELECT 1 FROM outbox r WHERE r.record_id = o.record_id AND r.side = o.side AND r.refused_at IS NOT NULL
        AND r.delivered_at IS NULL)
    ORDER BY id LIMIT $2`;
  const { rows } = await from.query<{ id: string; attempts: number; notice: string }>({
    name: 'outbox',
    text,
    values: [side, limit],
  });
  return rows.map(({ id, attempts, notice }) => ({
    id: Number(id),
    attempts,
    notice: noticeSchema.parse(JSON.parse(notice)),
  }));
}

export async function readFigures(from: Queryable, laneId: string, sinceIso: string): Promise<DayFigures> {
  const counts = await from.query<
    Record<'opened' | 'passed' | 'refused' | 'referred' | 'abandoned' | 'voided', string>
  >(
    `SELECT count(*) FILTER (WHERE opened_at >= $2) AS opened,
      count(*) FILTER (WHERE state = 'passed' AND ended_at >= $2) AS passed,
      count(*) FILTER (WHERE state = 'refused' AND ended_at >= $2) AS refused,
      count(*) FILTER (WHERE referred_at >= $2) AS referred,
      count(*) FILTER (WHERE state = 'abandoned' AND ended_at >= $2) AS abandoned,
      count(*) FILTER (WHERE state = 'voided' AND ended_at >= $2) AS voided
    FROM records WHERE lane_id = $1 AND (opened_at >= $2 OR ended_at >= $2 OR referred_at >= $2)`,
    [laneId, sinceIso],
  );
  const times = await from.query<{ opened_at: string; ended_at: string }>(
    `SELECT opened_at, ended_at FROM records WHERE lane_id = $1 AND ended_at >= $2 AND state = 'passed'`,
    [laneId, sinceIso],
  );
  const tookMs = times.rows.map((row) => Date.parse(row.ended_at) - Date.parse(row.opened_at)).sort((a, b) => a - b);
  const count = (name: keyof (typeof counts.rows)[number]): number => Number(counts.rows[0]?.[name] ?? 0);
  return {
    opened: count('opened'),
    passed: count('passed'),
    refused: count('refused'),
    referred: count('referred'),
    abandoned: count('abandoned'),
    voided: count('voided'),
    medianMs: percentile(tookMs, 0.5),
    p95Ms: percentile(tookMs, 0.95),
  };
}
