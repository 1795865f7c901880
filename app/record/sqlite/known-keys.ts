import type Database from 'better-sqlite3';
import type { PublicKey } from '../clearance-check.ts';
import type { JournalTable } from './journal-table.ts';

export type KeyRole = 'lane' | 'exit' | 'entry';

/**
 * Journals every public key the first time it counts, so that old signatures can be checked for as long as they are
 * kept, and a key that was slipped in is seen. Runs inside the caller's transaction.
 */
export function learnKeys(
  db: Database.Database,
  journal: JournalTable,
  keys: Readonly<Record<KeyRole, readonly PublicKey[]>>,
  at: string,
): void {
  const insert = db.prepare('INSERT OR IGNORE INTO known_keys (role, key_id, raw, known_since) VALUES (?, ?, ?, ?)');
  for (const role of ['lane', 'exit', 'entry'] as const) {
    for (const { keyId, raw } of keys[role]) {
      if (insert.run(role, keyId, raw, at).changes === 0) continue;
      journal.append({ type: 'keyKnown', recordId: null, payload: { role, keyId, raw } }, at);
    }
  }
}
