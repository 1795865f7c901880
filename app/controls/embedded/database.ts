import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Side } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';

export type ControlDatabase = Database.Database;

export type DatabaseError =
  | { readonly code: 'storeFailed'; readonly detail: string }
  /** The file was written by a later version of this software; nothing was changed. */
  | { readonly code: 'storeTooNew'; readonly found: number; readonly known: number }
  /** The file belongs to the other side's control. */
  | { readonly code: 'storeOfOtherSide'; readonly found: string };

/** Forward only; each step and the version it leads to are one transaction. Personal data only as keyed hashes. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE owner (side TEXT NOT NULL PRIMARY KEY) STRICT;
  CREATE TABLE holders (
    holder TEXT NOT NULL PRIMARY KEY,
    valid_until TEXT,
    consent_given_at TEXT,
    tall_enough INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE documents (
    digest TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL REFERENCES holders ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX documents_of_holder ON documents (holder);
  CREATE TABLE endorsements (
    holder TEXT NOT NULL REFERENCES holders ON DELETE CASCADE,
    id TEXT NOT NULL,
    entries INTEGER,
    used INTEGER NOT NULL DEFAULT 0,
    stay_days INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    PRIMARY KEY (holder, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE quota_use (
    quota TEXT NOT NULL,
    day TEXT NOT NULL,
    holder TEXT NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (quota, day, holder)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE presence (
    holder TEXT NOT NULL PRIMARY KEY,
    place TEXT NOT NULL CHECK (place IN ('inside', 'outside')),
    since_ms INTEGER NOT NULL,
    permitted_until TEXT,
    record_id TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE watchlist (
    key_digest TEXT NOT NULL,
    entry TEXT NOT NULL,
    strength TEXT NOT NULL CHECK (strength IN ('document', 'person', 'name')),
    word TEXT NOT NULL CHECK (word IN ('refer', 'refuse')),
    PRIMARY KEY (key_digest, entry)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE crossings (
    record_id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'committed', 'passed', 'voided', 'lapsed')),
    word TEXT,
    request_digest TEXT,
    answer TEXT,
    expires_at_ms INTEGER NOT NULL,
    holder TEXT,
    held INTEGER NOT NULL DEFAULT 0,
    moved INTEGER NOT NULL DEFAULT 0,
    endorsement TEXT,
    stay_days INTEGER,
    quotas TEXT NOT NULL DEFAULT '[]',
    day TEXT,
    presence_before TEXT,
    updated_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX crossings_open ON crossings (expires_at_ms) WHERE held = 1 AND state = 'prepared';
  CREATE INDEX crossings_by_age ON crossings (updated_at_ms);
  CREATE TABLE notices (
    record_id TEXT NOT NULL,
    step TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (record_id, step)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE alarms (
    record_id TEXT NOT NULL,
    code TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (record_id, code)
  ) STRICT, WITHOUT ROWID;
  `,
  // Every rule set that was ever in force, whole: a decision names its version.
  `
  CREATE TABLE rule_sets (version TEXT NOT NULL PRIMARY KEY, rules TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE rule_changes (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    version TEXT NOT NULL REFERENCES rule_sets,
    at_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL
  ) STRICT;
  `,
  // Each decision asks whether its holder is crossing elsewhere: found by holder, not among everybody who is under way.
  `CREATE INDEX crossings_under_way ON crossings (holder) WHERE held = 1 AND state = 'prepared';`,
];

/** Nobody else writes this file but a backup or a second process by mistake; the lane's event loop waits no longer. */
const BUSY_TIMEOUT_MS = 100;

/** Room for the pages of a few thousand holders; what a lane's process never gives back is kept small. A port's control takes more. */
const LANE_CACHE_KIB = 2 * 1024;
export const PORT_CACHE_KIB = 32 * 1024;

/**
 * Opens `control-{side}.sqlite` below `dataDir`, made and migrated if need be. One file a side, never shared: another
 * side's file is refused. WAL with `synchronous=FULL`, so what was answered survives power loss; `secure_delete`, so
 * what was erased is gone from freed pages.
 */
export function openDatabase(
  dataDir: string,
  side: Side,
  cacheKib: number = LANE_CACHE_KIB,
): Result<ControlDatabase, DatabaseError> {
  let database: ControlDatabase | null = null;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    database = new Database(join(dataDir, `control-${side}.sqlite`), { timeout: BUSY_TIMEOUT_MS });
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('secure_delete = ON');
    database.pragma('foreign_keys = ON');
    database.pragma(`cache_size = -${cacheKib}`);
    const problem = migrate(database, side);
    if (problem === null) return ok(database);
    database.close();
    return err(problem);
  } catch (cause) {
    database?.close();
    return err({ code: 'storeFailed', detail: storeDetail(cause) });
  }
}

/** SQLite's own code, e.g. `SQLITE_FULL`; never its message, which may quote values. */
export function storeDetail(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown';
}

function migrate(database: ControlDatabase, side: Side): DatabaseError | null {
  const found = database.pragma('user_version', { simple: true }) as number;
  if (found > MIGRATIONS.length) return { code: 'storeTooNew', found, known: MIGRATIONS.length };
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < found) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
      database.prepare('INSERT OR IGNORE INTO owner (side) VALUES (?)').run(side);
    })();
  }
  const owner = database.prepare('SELECT side FROM owner').pluck().get() as string;
  return owner === side ? null : { code: 'storeOfOtherSide', found: owner };
}
