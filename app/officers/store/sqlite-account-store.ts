import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { AuditEventId, AuditFacts } from '../../contract/audit-events.ts';
import type { Authority } from '../../contract/crossing.ts';
import { isOfControl } from '../../contract/officer-account.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import {
  type AccountStoreError,
  type CountAttempt,
  MAX_UNKNOWN_ATTEMPTS,
  type OfficerAccount,
  type OfficerAccountStore,
  type PendingLine,
} from '../account-store.ts';
import { type Attempts, NO_ATTEMPTS } from '../lock-out.ts';
import { ACCOUNT_COLUMNS, type AccountRow, accountOf, type PendingRow, pendingOf } from './rows.ts';

/** "JGOF" in the file's header. */
const APPLICATION_ID = 0x4a474f46;
/** Forward only; a released step is never edited. The file's `user_version` counts them. */
const STEPS: readonly string[] = [
  `
CREATE TABLE officers (
  number TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('exitOfficer', 'entryOfficer', 'portSupervisor', 'technician', 'auditor')),
  pin_hash TEXT NOT NULL CHECK (pin_hash LIKE '$argon2id$%'),
  pin_is_first INTEGER NOT NULL CHECK (pin_is_first IN (0, 1)),
  closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
  added_at TEXT NOT NULL,
  pin_set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
  number TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  locked_until TEXT,
  last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE pending (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, facts TEXT NOT NULL) STRICT;
`,
  // Accounts of before belong to nobody: they see neither side's reasons until an administrator binds them.
  `
ALTER TABLE officers ADD COLUMN authority TEXT
  CHECK (authority IS NULL OR (role IN ('exitOfficer', 'entryOfficer') AND authority GLOB '[A-Z][A-Z][A-Z]'));
`,
];

/** Accounts of a lane of its own, in one private file. Some rows, read at a sign-in: no worker. */
export function openSqliteAccountStore(path: string): Result<OfficerAccountStore, AccountStoreError> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new Database(path, { timeout: 2_000 });
    chmodSync(path, 0o600);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // A replaced PIN's hash leaves no trace in freed pages.
    database.pragma('secure_delete = ON');
    const version = versionOf(database);
    const application = Number(database.pragma('application_id', { simple: true }));
    if (version > STEPS.length || (application !== APPLICATION_ID && application !== 0)) {
      database.close();
      return err({ code: 'storeFailed', detail: version > STEPS.length ? 'newerFile' : 'foreignFile' });
    }
    if (version < STEPS.length) {
      // Counted again inside: an administrator's command may open the file at the same moment.
      const migrate = database.transaction(() => {
        for (const step of STEPS.slice(versionOf(database))) database.exec(step);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${STEPS.length}`);
      });
      migrate.immediate();
    }
    return ok(new SqliteAccountStore(database));
  } catch (cause) {
    return err(failure(cause));
  }
}

function versionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

class SqliteAccountStore implements OfficerAccountStore {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  find(number: string): Promise<Result<OfficerAccount | null, AccountStoreError>> {
    return this.#try(() => ok(this.#read(number)));
  }

  list(): Promise<Result<readonly OfficerAccount[], AccountStoreError>> {
    return this.#try(() =>
      ok(
        this.#db
          .prepare<[], AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM officers ORDER BY number`)
          .all()
          .map(accountOf),
      ),
    );
  }

  add(account: OfficerAccount): Promise<Result<void, AccountStoreError>> {
    return this.#change(() => {
      const { number, role, authority, pinHash, pinIsFirst, closed, addedAt, pinSetAt } = account;
      if (authority !== null && !isOfControl(role)) return err({ code: 'roleOfPort' });
      const added = this.#db
        .prepare(`INSERT INTO officers (${ACCOUNT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
        .run(number, role, authority, pinHash, Number(pinIsFirst), Number(closed), addedAt, pinSetAt);
      if (added.changes === 0) return err({ code: 'numberTaken' });
      this.#note('officerAccountAdded', { officer: number, role, authority });
      return ok();
    });
  }

  setPin(number: string, pinHash: string, pinIsFirst: boolean, at: string): Promise<Result<void, AccountStoreError>> {
    return this.#change(() => {
      const set = this.#db
        .prepare('UPDATE officers SET pin_hash = ?, pin_is_first = ?, pin_set_at = ? WHERE number = ?')
        .run(pinHash, Number(pinIsFirst), at, number);
      if (set.changes === 0) return err({ code: 'unknownOfficer' });
      this.#db.prepare('DELETE FROM attempts WHERE number = ?').run(number);
      this.#note(pinIsFirst ? 'officerPinReset' : 'officerPinChanged', { officer: number });
      return ok();
    });
  }

  setAuthority(number: string, authority: Authority): Promise<Result<void, AccountStoreError>> {
    return this.#change(() => {
      const account = this.#read(number);
      if (account === null) return err({ code: 'unknownOfficer' });
      if (!isOfControl(account.role)) return err({ code: 'roleOfPort' });
      this.#db.prepare('UPDATE officers SET authority = ? WHERE number = ?').run(authority, number);
      this.#note('officerAuthoritySet', { officer: number, authority });
      return ok();
    });
  }

  setClosed(number: string, closed: boolean): Promise<Result<void, AccountStoreError>> {
    return this.#change(() => {
      const set = this.#db.prepare('UPDATE officers SET closed = ? WHERE number = ?').run(Number(closed), number);
      if (set.changes === 0) return err({ code: 'unknownOfficer' });
      this.#note(closed ? 'officerAccountClosed' : 'officerAccountOpened', { officer: number });
      return ok();
    });
  }

  attempt(number: string, at: string, count: CountAttempt): Promise<Result<Attempts, AccountStoreError>> {
    return this.#change(() => {
      const before = this.#db
        .prepare<[string], Attempts>('SELECT failures, locked_until AS lockedUntil FROM attempts WHERE number = ?')
        .get(number);
      const next = count(before ?? NO_ATTEMPTS);
      if (next !== null) {
        this.#db
          .prepare('INSERT OR REPLACE INTO attempts (number, failures, locked_until, last_at) VALUES (?, ?, ?, ?)')
          .run(number, next.failures, next.lockedUntil, at);
        this.#db
          .prepare(
            `DELETE FROM attempts WHERE number IN (SELECT number FROM attempts
              WHERE number NOT IN (SELECT number FROM officers) ORDER BY last_at DESC LIMIT -1 OFFSET ?)`,
          )
          .run(MAX_UNKNOWN_ATTEMPTS);
      }
      return ok(before ?? NO_ATTEMPTS);
    });
  }

  forgetAttempts(number: string): Promise<Result<void, AccountStoreError>> {
    return this.#change(() => {
      this.#db.prepare('DELETE FROM attempts WHERE number = ?').run(number);
      return ok();
    });
  }

  pending(): Promise<Result<readonly PendingLine[], AccountStoreError>> {
    return this.#try(() =>
      ok(this.#db.prepare<[], PendingRow>('SELECT id, event, facts FROM pending ORDER BY id').all().map(pendingOf)),
    );
  }

  written(id: number): Promise<Result<void, AccountStoreError>> {
    return this.#change(() => {
      this.#db.prepare('DELETE FROM pending WHERE id = ?').run(id);
      return ok();
    });
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #read(number: string): OfficerAccount | null {
    const row = this.#db
      .prepare<[string], AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM officers WHERE number = ?`)
      .get(number);
    return row === undefined ? null : accountOf(row);
  }

  #note(event: AuditEventId, facts: AuditFacts): void {
    this.#db.prepare('INSERT INTO pending (event, facts) VALUES (?, ?)').run(event, JSON.stringify(facts));
  }

  #change<T>(work: () => Result<T, AccountStoreError>): Promise<Result<T, AccountStoreError>> {
    return this.#try(() => this.#db.transaction(work).immediate());
  }

  async #try<T>(work: () => Result<T, AccountStoreError>): Promise<Result<T, AccountStoreError>> {
    try {
      return work();
    } catch (cause) {
      return err(failure(cause));
    }
  }
}

/** SQLite's code only: its message may quote a value. */
function failure(cause: unknown): AccountStoreError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return { code: 'storeFailed', detail: code };
}
