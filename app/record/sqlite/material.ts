import type Database from 'better-sqlite3';
import { type Sealed, sealedSchema } from '../../contract/control-protocol.ts';
import { isEnded } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import type { Change } from '../decide.ts';
import type { RecordDoc } from '../record-doc.ts';
import type { StoreError } from '../store.ts';
import type { JournalTable } from './journal-table.ts';

export interface MaterialTable {
  keep(doc: RecordDoc, sealed: Sealed, at: string): Result<undefined, StoreError>;
  read(recordId: string): Sealed | null;
  /** Erases what a change has ended; true when there was something, which then still lies in the write-ahead log. */
  eraseAfter(change: Change): boolean;
}

/**
 * Referral material: ciphertext of the owning side. The journal names it by digest only, because the journal stays and
 * this goes. Runs inside the caller's transaction.
 */
export function materialTable(db: Database.Database, journal: JournalTable): MaterialTable {
  const upsert = db.prepare(`INSERT INTO referral_material (record_id, sealed) VALUES (?, ?)
    ON CONFLICT (record_id) DO UPDATE SET sealed = excluded.sealed`);
  const select = db.prepare<[string], string>('SELECT sealed FROM referral_material WHERE record_id = ?').pluck();
  const erase = db.prepare('DELETE FROM referral_material WHERE record_id = ?');
  return {
    keep: (doc, sealed, at) => {
      const { recordId, state, referral } = doc;
      if (state !== 'referred' || referral === null) return err({ code: 'wrongState', recordId, state });
      const text = canonicalText(sealed);
      upsert.run(recordId, text);
      const payload = { owner: referral.owner, keyId: sealed.keyId, digest: sha256Hex(text) };
      journal.append({ type: 'materialKept', recordId, payload }, at);
      return ok(undefined);
    },
    read: (recordId) => {
      const text = select.get(recordId);
      return text === undefined ? null : sealedSchema.parse(JSON.parse(text));
    },
    eraseAfter: ({ after }) => isEnded(after.state) && erase.run(after.recordId).changes > 0,
  };
}
