import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { err, ok, type Result } from '../../contract/result.ts';
import { loadSigningKey, type SigningKey } from '../../crypto/signing.ts';
import { NO_HASH } from '../journal.ts';
import type { StoreError } from '../store.ts';
import { openDatabase } from './database.ts';
import { type Engine, engine } from './engine.ts';
import { journalTable } from './journal-table.ts';
import { tailFlaw } from './journal-tail.ts';
import { learnKeys } from './known-keys.ts';
import type { WorkerSettings } from './messages.ts';
import { MIGRATIONS } from './migrations/index.ts';

export interface OpenEngine {
  readonly db: Database.Database;
  readonly engine: Engine;
}

/** Opens the file, starts or continues its journal, and refuses one whose end does not verify. Throws as SQLite does. */
export function openEngine(settings: WorkerSettings): Result<OpenEngine, StoreError> {
  const { path, maxPages, busyTimeoutMs, controlKeys } = settings;
  const key = loadSigningKey(settings.laneSigningKeyPem);
  const opened = openDatabase({ path, maxPages, busyTimeoutMs, migrations: MIGRATIONS });
  if (!opened.ok) return err({ code: 'storeFailed', detail: opened.error });
  const { db } = opened.value;
  try {
    startJournal(db, key, settings);
    const flaw = tailFlaw(db);
    if (flaw !== null) {
      db.close();
      return err({ code: 'storeFailed', detail: `journalBroken: ${flaw}` });
    }
    const { checkpoint, clockToleranceMs } = settings;
    return ok({ db, engine: engine(db, { path, key, controlKeys, checkpoint, clockToleranceMs }) });
  } catch (cause) {
    db.close();
    throw cause;
  }
}

/** A new file gets its identity; keys that are new to it are journaled. */
function startJournal(db: Database.Database, key: SigningKey, settings: WorkerSettings): void {
  const at = new Date(settings.nowMs).toISOString();
  db.transaction(() => {
    const isNew = db.prepare('SELECT count(*) FROM store').pluck().get() === 0;
    if (isNew) {
      const insert = db.prepare('INSERT INTO store (one, store_id, first_seq, first_prev_hash) VALUES (1, ?, 1, ?)');
      insert.run(randomUUID(), NO_HASH);
    }
    const journal = journalTable(db, { key }, settings.checkpoint);
    if (isNew) {
      const payload = { storeId: journal.storeId, format: 1 };
      journal.append({ type: 'journalStarted', recordId: null, payload }, at);
    }
    learnKeys(db, journal, { lane: [{ keyId: key.keyId, raw: key.publicKeyRaw }], ...settings.controlKeys }, at);
    journal.checkpointIfDue(at);
  }).immediate();
}
