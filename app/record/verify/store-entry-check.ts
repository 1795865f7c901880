import { type JournalRow, STORE_ENTRIES, type StoreEntryType } from '../journal.ts';
import type { Report } from './findings.ts';
import { findKey, type KeyRing } from './public-keys.ts';

export function isStoreEntry(type: string): type is StoreEntryType {
  return Object.hasOwn(STORE_ENTRIES, type);
}

/** Entries that are no record's event: of a known shape, of this store, and no key that the auditor does not know. */
export function checkStoreEntry(
  row: JournalRow & { readonly type: StoreEntryType },
  storeId: string,
  trusted: KeyRing | null,
  report: Report,
): void {
  const at = { seq: row.seq, recordId: row.record_id };
  const payload: unknown = JSON.parse(row.payload);
  if (!STORE_ENTRIES[row.type].safeParse(payload).success) {
    report('entryUnknown', { ...at, detail: row.type });
  } else if (row.type === 'journalStarted') {
    const started = STORE_ENTRIES.journalStarted.parse(payload);
    if (started.storeId !== storeId) report('journalRewritten', { ...at, detail: 'another store' });
  } else if ((row.type === 'keyKnown' || row.type === 'keyRemembered') && trusted !== null) {
    const { role, keyId, raw } = STORE_ENTRIES[row.type].parse(payload);
    if (findKey(trusted[role], keyId)?.raw !== raw) report('keyForeign', { ...at, detail: `${role} ${keyId}` });
  }
}
