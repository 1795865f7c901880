import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { err, ok, type Result } from '../../contract/result.ts';
import { type Migration, type MigrationReport, migrate } from './migrate.ts';

export interface DatabaseOptions {
  readonly path: string;
  readonly migrations: readonly Migration[];
  /** Upper bound of the file in pages of 4096 bytes, or null. Keeps a full disk from being the first limit that is met. */
  readonly maxPages: number | null;
  /** How long to wait for another process (an auditor's export) that holds the file. */
  readonly busyTimeoutMs: number;
}

/**
 * Opens or creates the lane's file with every setting its durability rests on: WAL with `synchronous=FULL` (a commit
 * returns after fsync), foreign keys, freed content overwritten. Throws what SQLite throws.
 */
export function openDatabase(
  options: DatabaseOptions,
): Result<{ readonly db: Database.Database; readonly migration: MigrationReport }, string> {
  const { path } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives WAL and shared memory the file's own mode, so it is right before SQLite ever sees it.
  if (existsSync(path)) chmodPrivate(path);
  else closeSync(openSync(path, 'wx', 0o600));
  const db = new Database(path, { timeout: options.busyTimeoutMs });
  try {
    if (db.pragma('journal_mode = WAL', { simple: true }) !== 'wal') return refuse(db, 'WAL is not possible here');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('secure_delete = ON');
    // Folding the log into the file costs two more fsyncs: every 16 MB instead of every 4.
    db.pragma('wal_autocheckpoint = 4000');
    // 4 MB: the live records, the journal's end and the upper pages of each index. What lies deeper the system keeps.
    db.pragma('cache_size = -4096');
    // VACUUM's working copy stays in memory: nothing of the record lies in a temporary file.
    db.pragma('temp_store = MEMORY');
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    if (options.maxPages !== null) db.pragma(`max_page_count = ${Math.trunc(options.maxPages)}`);
    const migration = migrate(db, path, options.migrations);
    return migration.ok ? ok({ db, migration: migration.value }) : refuse(db, migration.error);
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function refuse(db: Database.Database, detail: string): Result<never, string> {
  db.close();
  return err(detail);
}

function chmodPrivate(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch {
    // Not ours, or a read-only disk: opening it for writing will say so in SQLite's own words.
  }
}
