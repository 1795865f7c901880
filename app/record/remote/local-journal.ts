import { err, ok, type Result } from '../../contract/result.ts';
import type { JournalRow } from '../journal.ts';
import type { StoreError } from '../store.ts';
import { openReadOnly } from '../verify/open-read-only.ts';

export interface JournalSlice {
  readonly storeId: string;
  readonly rows: readonly JournalRow[];
}

/** Entries of a lane's own file from number `fromSeq` on, at most `limit`, for the hub to collect. The file may be in use. */
export function readLocalJournal(path: string, fromSeq: number, limit: number): Result<JournalSlice, StoreError> {
  try {
    const { db, close } = openReadOnly(path);
    try {
      const store = db.prepare<[], { store_id: string }>('SELECT store_id FROM store').get();
      if (store === undefined) throw new Error('the file names no store');
      const rows = db
        .prepare<[number, number], JournalRow>(
          'SELECT seq, at, type, record_id, payload, prev_hash, hash FROM journal WHERE seq >= ? ORDER BY seq LIMIT ?',
        )
        .all(fromSeq, limit);
      return ok({ storeId: store.store_id, rows });
    } finally {
      close();
    }
  } catch (cause) {
    return err({ code: 'storeFailed', detail: cause instanceof Error ? cause.message : 'unknown' });
  }
}
