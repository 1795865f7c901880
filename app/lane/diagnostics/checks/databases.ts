import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { verifyRecordFile } from '../../../record/verify/verify-file.ts';
import { type Found, found } from './timed.ts';

const MB = 1_048_576;
const BUSY_MS = 5_000;

/** SQLite's own look at every page of a file that may be in use. Read-only: nothing is repaired. */
export function checkDatabase(path: string): Found {
  if (!existsSync(path)) return found('failed', 'fileMissing');
  const megabytes = Math.round((statSync(path).size / MB) * 100) / 100;
  let database: Database.Database | null = null;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    const verdict: unknown = database.pragma('integrity_check(10)', { simple: true });
    const version: unknown = database.pragma('user_version', { simple: true });
    const facts = { megabytes, schemaVersion: Number(version) };
    return verdict === 'ok' ? found('passed', null, facts) : found('failed', 'databaseDamaged', facts);
  } catch (cause) {
    const code = cause instanceof Database.SqliteError ? cause.code : 'unknown';
    return found('failed', 'databaseUnreadable', { megabytes, sqlite: code });
  } finally {
    database?.close();
  }
}

/** The whole chain, its checkpoints and both sides' rows. The keys are the record's own: this finds damage, not a clever forger. */
export function checkJournal(path: string): Found {
  if (!existsSync(path)) return found('failed', 'fileMissing');
  const { ok, total, findings, entries, records, checkpoints, unsigned } = verifyRecordFile(path, {
    keys: null,
    receipts: [],
  });
  const facts = { entries, records, checkpoints, unsigned };
  if (ok) return found('passed', null, facts);
  return found('failed', 'journalBroken', { ...facts, findings: total, first: findings[0]?.code ?? null });
}
