import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface ReadOnlyDatabase {
  readonly db: Database.Database;
  readonly close: () => void;
}

/**
 * Opens a file that may be in use, or lie on a disk nobody can write (an evidence copy). There SQLite cannot make the
 * shared memory its write-ahead log needs, so a private copy is read instead and removed afterwards. Throws as SQLite does.
 */
export function openReadOnly(path: string): ReadOnlyDatabase {
  try {
    return opened(path, () => undefined);
  } catch (cause) {
    const cannotOpen = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_CANTOPEN');
    if (!cannotOpen || !existsSync(path)) throw cause;
  }
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-verify-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return opened(copy, remove);
  } catch (cause) {
    remove();
    throw cause;
  }
}

function opened(path: string, afterClose: () => void): ReadOnlyDatabase {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  const close = (): void => {
    db.close();
    afterClose();
  };
  try {
    // The first look at the file: what is wrong with it shows here, not later.
    db.pragma('user_version');
    return { db, close };
  } catch (cause) {
    db.close();
    throw cause;
  }
}
