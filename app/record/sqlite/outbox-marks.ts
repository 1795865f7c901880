import type Database from 'better-sqlite3';
import { ok, type Result } from '../../contract/result.ts';
import type { StoreError } from '../store.ts';
import type { JournalTable } from './journal-table.ts';

export interface OutboxMarks {
  /** Journaled once, so that it can be shown that a side was told. Saying it again changes nothing. */
  delivered(id: number, at: string): Result<undefined, StoreError>;
  failed(id: number): Result<undefined, StoreError>;
}

/** What became of the notices. Runs inside the caller's transaction. */
export function outboxMarks(db: Database.Database, journal: JournalTable): OutboxMarks {
  const deliver = db.prepare<[string, number], { record_id: string; side: string; step: string }>(
    'UPDATE outbox SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL RETURNING record_id, side, step',
  );
  const fail = db.prepare('UPDATE outbox SET attempts = attempts + 1 WHERE id = ? AND delivered_at IS NULL');
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
  };
}
