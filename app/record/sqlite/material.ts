import type Database from 'better-sqlite3';
import { type Sealed, sealedSchema } from '../../contract/control-protocol.ts';
import { isEnded } from '../../contract/crossing.ts';
import { ok, type Result } from '../../contract/result.ts';
import type { Change } from '../decide.ts';
import { materialEntry } from '../material-entry.ts';
import type { RecordDoc } from '../record-doc.ts';
import type { StoreError } from '../store.ts';
import type { JournalTable } from './journal-table.ts';

export interface MaterialTable {
  keep(doc: RecordDoc, sealed: Sealed, at: string): Result<undefined, StoreError>;
  read(recordId: string): Sealed | null;
  /** Erases what a change has ended; true when there was something, which then still lies in the write-ahead log. */
  eraseAfter(change: Change): boolean;
}

/** Referral material: ciphertext of the owning side. Runs inside the caller's transaction. */
export function materialTable(db: Database.Database, journal: JournalTable): MaterialTable {
  const upsert = db.prepare(`INSERT INTO referral_material (record_id, sealed) VALUES (?, ?)
    ON CONFLICT (record_id) DO UPDATE SET sealed = excluded.sealed`);
  const select = db.prepare<[string], string>('SELECT sealed FROM referral_material WHERE record_id = ?').pluck();
  const erase = db.prepare('DELETE FROM referral_material WHERE record_id = ?');
  return {
    keep: (doc, sealed, at) => {
      const entry = materialEntry(doc, sealed);
      if (!entry.ok) return entry;
      upsert.run(doc.recordId, entry.value.text);
      journal.append(entry.value.draft, at);
      return ok(undefined);
    },
    read: (recordId) => {
      const text = select.get(recordId);
      return text === undefined ? null : sealedSchema.parse(JSON.parse(text));
    },
    eraseAfter: ({ after }) => isEnded(after.state) && erase.run(after.recordId).changes > 0,
  };
}
