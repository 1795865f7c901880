import type Database from 'better-sqlite3';
import { recordIdSchema } from '../../contract/crossing.ts';
import { receiptSchema } from '../../contract/receipt.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { recordSnapshotSchema } from '../remote/wire.ts';
import type { RecordCopy } from '../store.ts';

/**
 * Copies of records whose home is the hub. They are not in this file's journal: what they prove, they prove by the controls'
 * and the hub's own signatures. Runs inside the caller's transaction.
 */
export function copiesTable(db: Database.Database): { keep(copy: RecordCopy, at: string): void } {
  const upsert = db.prepare(`INSERT INTO copies (record_id, copied_at, snapshot, receipt) VALUES (?, ?, ?, ?)
    ON CONFLICT (record_id) DO UPDATE SET copied_at = excluded.copied_at,
      snapshot = coalesce(excluded.snapshot, snapshot), receipt = coalesce(excluded.receipt, receipt)`);
  return {
    keep: ({ recordId, record, receipt }, at) => {
      const snapshot = record === null ? null : canonicalText(recordSnapshotSchema.parse(record));
      const proof = receipt === null ? null : canonicalText(receiptSchema.parse(receipt));
      upsert.run(recordIdSchema.parse(recordId), at, snapshot, proof);
    },
  };
}
