import type Database from 'better-sqlite3';
import { noticeSchema } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import { percentile } from '../figures.ts';
import type { RecordDoc } from '../record-doc.ts';
import { type AnswerRow, docOf, type RecordRow } from '../record-rows.ts';
import type { DayFigures, OutboxNotice } from '../store.ts';

/** What may be asked without writing. Kept apart from `writes.ts`, so that a read can never become a change. */
export interface Reads {
  doc(recordId: string): RecordDoc | null;
  live(laneId: string): readonly RecordDoc[];
  outbox(side: Side, limit: number): readonly OutboxNotice[];
  figures(laneId: string, sinceIso: string): DayFigures;
}

interface OutboxRow {
  readonly id: number;
  readonly attempts: number;
  readonly notice: string;
}

export function reads(db: Database.Database): Reads {
  const record = db.prepare<[string], RecordRow>('SELECT * FROM records WHERE record_id = ?');
  const answers = db.prepare<[string], AnswerRow>('SELECT side, answer FROM answers WHERE record_id = ?');
  const live = db.prepare<[string], RecordRow>(
    'SELECT * FROM records WHERE lane_id = ? AND ended_at IS NULL ORDER BY opened_seq',
  );
  const outbox = db.prepare<[string, number], OutboxRow>(
    `SELECT id, attempts, notice FROM outbox o WHERE side = ? AND delivered_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox r
      WHERE r.record_id = o.record_id AND r.side = o.side AND r.refused_at IS NOT NULL AND r.delivered_at IS NULL)
    ORDER BY id LIMIT ?`,
  );
  const count = (column: 'opened_at' | 'referred_at') =>
    db.prepare<[string, string], number>(`SELECT count(*) FROM records WHERE lane_id = ? AND ${column} >= ?`).pluck();
  const opened = count('opened_at');
  const referred = count('referred_at');
  const ends = db.prepare<[string, string], { readonly state: string; readonly count: number }>(
    'SELECT state, count(*) AS count FROM records WHERE lane_id = ? AND ended_at >= ? GROUP BY state',
  );
  const times = db.prepare<[string, string], { readonly opened_at: string; readonly ended_at: string }>(
    `SELECT opened_at, ended_at FROM records WHERE lane_id = ? AND ended_at >= ? AND state = 'passed'`,
  );
  const load = (row: RecordRow): RecordDoc => docOf(row, answers.all(row.record_id));

  return {
    doc: (recordId) => {
      const row = record.get(recordId);
      return row === undefined ? null : load(row);
    },
    live: (laneId) => live.all(laneId).map(load),
    outbox: (side, limit) =>
      outbox
        .all(side, limit)
        .map(({ id, attempts, notice }) => ({ id, attempts, notice: noticeSchema.parse(JSON.parse(notice)) })),
    figures: (laneId, sinceIso) => {
      const ended = new Map(ends.all(laneId, sinceIso).map(({ state, count }) => [state, count]));
      const tookMs = times
        .all(laneId, sinceIso)
        .map((row) => Date.parse(row.ended_at) - Date.parse(row.opened_at))
        .sort((a, b) => a - b);
      return {
        opened: opened.get(laneId, sinceIso) ?? 0,
        passed: ended.get('passed') ?? 0,
        refused: ended.get('refused') ?? 0,
        referred: referred.get(laneId, sinceIso) ?? 0,
        abandoned: ended.get('abandoned') ?? 0,
        voided: ended.get('voided') ?? 0,
        medianMs: percentile(tookMs, 0.5),
        p95Ms: percentile(tookMs, 0.95),
      };
    },
  };
}
