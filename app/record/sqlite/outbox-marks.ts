import type Database from 'better-sqlite3';
import type { Side } from '../../contract/crossing.ts';
import { ok, type Result } from '../../contract/result.ts';
import { refusedNotice } from '../late-report.ts';
import type { StoreError } from '../store.ts';
import type { JournalTable } from './journal-table.ts';

export interface OutboxMarks {
  /** Journaled once, so that it can be shown that a side was told. Saying it again changes nothing. */
  delivered(id: number, at: string): Result<undefined, StoreError>;
  failed(id: number): Result<undefined, StoreError>;
  /** Journaled once; from then on it, and what waits behind it, is not in the outbox. */
  refused(id: number, code: string, at: string): Result<undefined, StoreError>;
  /** Back into the outbox. */
  retry(side: Side): number;
}

/** What became of the notices. Runs inside the caller's transaction. */
export function outboxMarks(db: Database.Database, journal: JournalTable): OutboxMarks {
  const deliver = db.prepare<[string, number], { record_id: string; side: string; step: string }>(
    'UPDATE outbox SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL RETURNING record_id, side, step',
  );
  const fail = db.prepare('UPDATE outbox SET attempts = attempts + 1 WHERE id = ? AND delivered_at IS NULL');
  const refuse = db.prepare<[string, number], { record_id: string; side: string; step: string }>(
    `UPDATE outbox SET refused_at = ?, attempts = attempts + 1 WHERE id = ? AND delivered_at IS NULL AND refused_at IS NULL
    RETURNING record_id, side, step`,
  );
  const retry = db.prepare(
    'UPDATE outbox SET refused_at = NULL WHERE side = ? AND delivered_at IS NULL AND refused_at IS NOT NULL',
  );
  return {
    delivered: (id, at) => {
      const row = deliver.get(at, id);
      if (row !== undefined) {
        const payload = { side: row.side, step: row.step };
        journal.append({ type: 'noticeDelivered', recordId: row.record_id, payload }, at);
      }
      return ok(undefined);
    },
    failed: (id) => {
      fail.run(id);
      return ok(undefined);
    },
    refused: (id, code, at) => {
      const row = refuse.get(at, id);
      if (row !== undefined) journal.append(refusedNotice(row, code), at);
      return ok(undefined);
    },
    retry: (side) => retry.run(side).changes,
  };
}
