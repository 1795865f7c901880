import { type Receipt, verifyReceipt } from '../receipt.ts';
import type { Report } from './findings.ts';
import { findKey, type KeyRing } from './public-keys.ts';

/**
 * A receipt that a side has kept, against the journal: the entry it names must still be there, word for word. This finds
 * what no look at the file alone can: a journal that was set back to an older state together with its checkpoints.
 */
export function checkKeptReceipt(
  receipt: Receipt,
  journal: { readonly storeId: string; readonly firstSeq: number; readonly hashAt: (seq: number) => string | null },
  keys: KeyRing,
  report: Report,
): void {
  const { recordId, storeId } = receipt.body;
  const { seq, hash } = receipt.body.journal;
  const key = findKey(keys.lane, receipt.keyId);
  if (key === undefined || !verifyReceipt(receipt, key.raw)) {
    report('receiptForged', { seq, recordId, detail: 'kept' });
  } else if (storeId !== journal.storeId) {
    report('journalRewritten', { recordId, detail: 'kept receipt of another store' });
  } else if (seq >= journal.firstSeq) {
    // Older entries are erased by retention, which is signed.
    const found = journal.hashAt(seq);
    if (found === null) report('journalTruncated', { seq, recordId, detail: 'kept receipt' });
    else if (found !== hash) report('journalRewritten', { seq, recordId, detail: 'kept receipt' });
  }
}
