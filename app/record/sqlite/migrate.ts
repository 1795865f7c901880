import { chmodSync, existsSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { err, ok, type Result } from '../../contract/result.ts';

export interface Migration {
  /** `user_version` after it. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** "JGJR" in the file's header (`file` and the sqlite3 shell show it): a joint record, not just any database. */
export const APPLICATION_ID = 0x4a474a52;

export interface MigrationReport {
  readonly from: number;
  readonly to: number;
  /** Copy of the file as it was, made before the first change of an existing file. */
  readonly backup: string | null;
}

/**
 * Brings the file to the newest version. Each migration and its version number are one transaction, so a crash leaves
 * the old or the new form, never one that calls itself the other. A newer or a foreign file is refused in words and
 * not touched.
 */
export function migrate(
  db: Database.Database,
  path: string,
  migrations: readonly Migration[],
): Result<MigrationReport, string> {
  const from = numberPragma(db, 'user_version');
  const application = numberPragma(db, 'application_id');
  const to = migrations.at(-1)?.version ?? 0;
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (application !== APPLICATION_ID && (application !== 0 || from !== 0 || tables !== 0)) {
    return err('foreignFile: this database is no joint record of Jointgate');
  }
  if (from > to) {
    return err(
      `newerFile: the file has version ${from}, this software knows up to ${to}; install the newer software or restore a backup`,
    );
  }
  const pending = migrations.filter(({ version }) => version > from);
  const backup = from > 0 && pending.length > 0 ? backUp(db, path, from) : null;
  for (const { version, sql } of pending) {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
  return ok({ from, to, backup });
}

/** A whole, compact copy, private like the file itself. An older copy of the same version is of no use any more. */
function backUp(db: Database.Database, path: string, version: number): string {
  const backup = `${path}.before-v${version + 1}`;
  if (existsSync(backup)) rmSync(backup);
  db.prepare('VACUUM INTO ?').run(backup);
  chmodSync(backup, 0o600);
  return backup;
}

function numberPragma(db: Database.Database, name: string): number {
  return Number(db.pragma(name, { simple: true }));
}
