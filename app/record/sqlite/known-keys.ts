import type Database from 'better-sqlite3';
import type { PublicKey } from '../clearance-check.ts';
import type { JournalTable } from './journal-table.ts';

export type KeyRole = 'lane' | 'exit' | 'entry';

interface KeyRow {
  readonly role: KeyRole;
  readonly key_id: string;
  readonly raw: string;
}

/**
 * Journals every public key when it begins to count, so that old signatures can be checked for as long as they are
 * kept, and a key that was slipped in is seen. A key that follows another one of its role is an audited rotation. Runs
 * inside the caller's transaction.
 */
export function learnKeys(
  db: Database.Database,
  journal: JournalTable,
  keys: Readonly<Record<KeyRole, readonly PublicKey[]>>,
  at: string,
): void {
  const newest = db.prepare<[KeyRole], KeyRow>('SELECT * FROM known_keys WHERE role = ? ORDER BY rowid DESC LIMIT 1');
  const known = db.prepare<[KeyRole, string, string], number>(
    'SELECT count(*) FROM known_keys WHERE role = ? AND key_id = ? AND raw = ?',
  );
  const forget = db.prepare('DELETE FROM known_keys WHERE role = ? AND key_id = ? AND raw = ?');
  const insert = db.prepare('INSERT INTO known_keys (role, key_id, raw, known_since) VALUES (?, ?, ?, ?)');
  for (const role of ['lane', 'exit', 'entry'] as const) {
    const before = newest.get(role);
    for (const { keyId, raw } of keys[role]) {
      // The lane signs with one key at a time: its newest entry says which, also when an old key comes back.
      const counts = role === 'lane' ? newest.get(role)?.raw === raw : known.pluck().get(role, keyId, raw) === 1;
      if (counts) continue;
      forget.run(role, keyId, raw);
      insert.run(role, keyId, raw, at);
      journal.append({ type: 'keyKnown', recordId: null, payload: { role, keyId, raw } }, at);
      if (before === undefined) continue;
      const payload = { event: 'keyRotated', owner: role === 'lane' ? 'port' : role, facts: { role, keyId } };
      journal.append({ type: 'audit', recordId: null, payload }, at);
    }
  }
}

/** After retention has erased the entries that introduced them: every key that ever counted. */
export function rejournalKeys(db: Database.Database, journal: JournalTable, at: string): void {
  const keys = db.prepare<[], KeyRow>('SELECT * FROM known_keys ORDER BY rowid').all();
  const signing = keys.findLast(({ role }) => role === 'lane');
  for (const key of keys) {
    const { role, key_id: keyId, raw } = key;
    // Only the newest lane key signs from here on; naming an older one must not look as if it came back.
    const type = role === 'lane' && key !== signing ? 'keyRemembered' : 'keyKnown';
    journal.append({ type, recordId: null, payload: { role, keyId, raw } }, at);
  }
}
