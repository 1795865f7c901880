import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { RECORD_TABLES } from '../record-rows.ts';
import type { ErasureReport } from '../store.ts';
import type { JournalTable } from './journal-table.ts';
import { rejournalKeys } from './known-keys.ts';

/**
 * Takes out everything of records that ended before an instant and whose notices are all delivered, then the journal's
 * front as far as it is older than the instant and no kept record began in it. The new beginning is journaled, and
 * signed by a checkpoint in the same transaction, so that it can be told from a theft. Runs inside the caller's
 * transaction.
 */
export function eraseBefore(
  db: Database.Database,
  journal: JournalTable,
  beforeIso: string,
  at: string,
): ErasureReport {
  db.exec('CREATE TEMP TABLE IF NOT EXISTS doomed (record_id TEXT PRIMARY KEY); DELETE FROM doomed');
  const records = db
    .prepare(
      `INSERT INTO doomed SELECT record_id FROM records r WHERE ended_at < ? AND NOT EXISTS
        (SELECT 1 FROM outbox o WHERE o.record_id = r.record_id AND o.delivered_at IS NULL)`,
    )
    .run(beforeIso).changes;
  for (const table of RECORD_TABLES) {
    db.prepare(`DELETE FROM ${table} WHERE record_id IN (SELECT record_id FROM doomed)`).run();
  }
  db.exec('DROP TABLE doomed');
  // The record itself is the hub's to keep; its end is written here too, so a copy this old is of nothing that goes on.
  db.prepare('DELETE FROM copies WHERE copied_at < ?').run(beforeIso);
  const firstSeq = moveBeginning(db, journal, beforeIso);
  rejournalKeys(db, journal, at);
  journal.append({ type: 'erased', recordId: null, payload: { before: beforeIso, records, firstSeq } }, at);
  const facts = { before: beforeIso, records, firstSeq };
  const payload = { event: 'retentionRun', owner: 'port', facts };
  journal.append({ type: 'audit', recordId: null, payload }, at);
  journal.checkpoint(at);
  return { records, firstSeq };
}

function moveBeginning(db: Database.Database, journal: JournalTable, beforeIso: string): number {
  const head = journal.head();
  const oldest = (sql: string, ...values: readonly string[]): number =>
    db
      .prepare<string[], number>(sql)
      .pluck()
      .get(...values) ?? head.seq + 1;
  const firstSeq = Math.min(
    oldest('SELECT min(opened_seq) FROM records'),
    oldest('SELECT min(seq) FROM journal WHERE at >= ?', beforeIso),
  );
  const hash = db.prepare<[number], string>('SELECT prev_hash FROM journal WHERE seq = ?').pluck().get(firstSeq);
  db.prepare('UPDATE store SET first_seq = ?, first_prev_hash = ?').run(firstSeq, hash ?? head.hash);
  db.prepare('DELETE FROM journal WHERE seq < ?').run(firstSeq);
  db.prepare('DELETE FROM checkpoints WHERE seq < ?').run(firstSeq);
  return firstSeq;
}

/**
 * After an erasure has committed: the log is folded in and emptied, the file rewritten without its free pages, and
 * copies made before old migrations go when they are older than the instant. `secure_delete` has already overwritten
 * what was freed.
 */
export function scrub(db: Database.Database, path: string, beforeIso: string): void {
  emptyLog(db);
  db.exec('VACUUM');
  emptyLog(db);
  const folder = dirname(path);
  const isBackup = (name: string): boolean => name.startsWith(`${basename(path)}.before-v`);
  for (const name of readdirSync(folder).filter(isBackup)) {
    const backup = join(folder, name);
    if (statSync(backup).mtimeMs < Date.parse(beforeIso)) rmSync(backup);
  }
}

/** What was erased is still in the write-ahead log until it is folded in and cut to nothing. */
export function emptyLog(db: Database.Database): void {
  db.pragma('wal_checkpoint(TRUNCATE)');
}
