import type { Pool, PoolClient } from 'pg';
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

/** A schema of its own beside the joint record's tables. */
const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS officers;
CREATE TABLE IF NOT EXISTS officers.version (one integer PRIMARY KEY CHECK (one = 1), version integer NOT NULL);
CREATE TABLE IF NOT EXISTS officers.officers (
  number text COLLATE "C" PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('exitOfficer', 'entryOfficer', 'portSupervisor', 'technician', 'auditor')),
  pin_hash text NOT NULL CHECK (pin_hash LIKE '$argon2id$%'),
  pin_is_first boolean NOT NULL,
  closed boolean NOT NULL,
  added_at text NOT NULL,
  pin_set_at text NOT NULL
);
CREATE TABLE IF NOT EXISTS officers.attempts (
  number text PRIMARY KEY,
  failures integer NOT NULL,
  locked_until text,
  last_at text COLLATE "C" NOT NULL
);
CREATE TABLE IF NOT EXISTS officers.pending (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event text NOT NULL, facts text NOT NULL
);
INSERT INTO officers.version VALUES (1, 1) ON CONFLICT DO NOTHING;
`;
/** After the first schema, one by one; forward only. */
const STEPS: readonly string[] = [
  // Accounts of before belong to nobody: they see neither side's reasons until an administrator binds them.
  `ALTER TABLE officers.officers ADD COLUMN authority text
    CHECK (authority IS NULL OR (role IN ('exitOfficer', 'entryOfficer') AND authority ~ '^[A-Z]{3}$'))`,
];
const VERSION = 1 + STEPS.length;
/** "JGOF": of several hubs that start at once, one makes the tables. */
const SCHEMA_LOCK = 0x4a474f46;

/** Accounts of a port. The pool is the caller's: who made it ends it. */
export async function openPgAccountStore(pool: Pool): Promise<Result<OfficerAccountStore, AccountStoreError>> {
  const store = new PgAccountStore(pool);
  const made = await store.change(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    await client.query(SCHEMA);
    const { rows } = await client.query<{ version: number }>('SELECT version FROM officers.version');
    const version = rows[0]?.version ?? VERSION + 1;
    if (version > VERSION) return err({ code: 'storeFailed' as const, detail: 'newerSchema' });
    for (const step of STEPS.slice(version - 1)) await client.query(step);
    if (version < VERSION) await client.query('UPDATE officers.version SET version = $1', [VERSION]);
    return ok();
  });
  return made.ok ? ok(store) : made;
}

type Change<T> = (client: PoolClient) => Promise<Result<T, AccountStoreError>>;

class PgAccountStore implements OfficerAccountStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  find(number: string): Promise<Result<OfficerAccount | null, AccountStoreError>> {
    return this.change(async (client) => {
      const { rows } = await client.query<AccountRow>(
        `SELECT ${ACCOUNT_COLUMNS} FROM officers.officers WHERE number = $1`,
        [number],
      );
      return ok(rows[0] === undefined ? null : accountOf(rows[0]));
    });
  }

  list(): Promise<Result<readonly OfficerAccount[], AccountStoreError>> {
    return this.change(async (client) => {
      const { rows } = await client.query<AccountRow>(
        `SELECT ${ACCOUNT_COLUMNS} FROM officers.officers ORDER BY number`,
      );
      return ok(rows.map(accountOf));
    });
  }

  add(account: OfficerAccount): Promise<Result<void, AccountStoreError>> {
    const { number, role, authority, pinHash, pinIsFirst, closed, addedAt, pinSetAt } = account;
    return this.change(async (client) => {
      if (authority !== null && !isOfControl(role)) return err({ code: 'roleOfPort' });
      const added = await client.query(
        `INSERT INTO officers.officers (${ACCOUNT_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
        [number, role, authority, pinHash, pinIsFirst, closed, addedAt, pinSetAt],
      );
      if (added.rowCount === 0) return err({ code: 'numberTaken' });
      await note(client, 'officerAccountAdded', { officer: number, role, authority });
      return ok();
    });
  }

  setPin(number: string, pinHash: string, pinIsFirst: boolean, at: string): Promise<Result<void, AccountStoreError>> {
    return this.change(async (client) => {
      const set = await client.query(
        'UPDATE officers.officers SET pin_hash = $1, pin_is_first = $2, pin_set_at = $3 WHERE number = $4',
        [pinHash, pinIsFirst, at, number],
      );
      if (set.rowCount === 0) return err({ code: 'unknownOfficer' });
      await client.query('DELETE FROM officers.attempts WHERE number = $1', [number]);
      await note(client, pinIsFirst ? 'officerPinReset' : 'officerPinChanged', { officer: number });
      return ok();
    });
  }

  setAuthority(number: string, authority: Authority): Promise<Result<void, AccountStoreError>> {
    return this.change(async (client) => {
      const { rows } = await client.query<AccountRow>(
        `SELECT ${ACCOUNT_COLUMNS} FROM officers.officers WHERE number = $1 FOR UPDATE`,
        [number],
      );
      if (rows[0] === undefined) return err({ code: 'unknownOfficer' });
      if (!isOfControl(accountOf(rows[0]).role)) return err({ code: 'roleOfPort' });
      await client.query('UPDATE officers.officers SET authority = $1 WHERE number = $2', [authority, number]);
      await note(client, 'officerAuthoritySet', { officer: number, authority });
      return ok();
    });
  }

  setClosed(number: string, closed: boolean): Promise<Result<void, AccountStoreError>> {
    return this.change(async (client) => {
      const set = await client.query('UPDATE officers.officers SET closed = $1 WHERE number = $2', [closed, number]);
      if (set.rowCount === 0) return err({ code: 'unknownOfficer' });
      await note(client, closed ? 'officerAccountClosed' : 'officerAccountOpened', { officer: number });
      return ok();
    });
  }

  attempt(number: string, at: string, count: CountAttempt): Promise<Result<Attempts, AccountStoreError>> {
    return this.change(async (client) => {
      // The row may not be there yet, so the number itself is locked: guesses at several hubs count one after the other.
      await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [SCHEMA_LOCK, number]);
      const { rows } = await client.query<Attempts>(
        'SELECT failures, locked_until AS "lockedUntil" FROM officers.attempts WHERE number = $1',
        [number],
      );
      const before = rows[0] ?? NO_ATTEMPTS;
      const next = count(before);
      if (next === null) return ok(before);
      await client.query(
        `INSERT INTO officers.attempts (number, failures, locked_until, last_at) VALUES ($1, $2, $3, $4)
          ON CONFLICT (number) DO UPDATE SET failures = $2, locked_until = $3, last_at = $4`,
        [number, next.failures, next.lockedUntil, at],
      );
      await client.query(
        `DELETE FROM officers.attempts WHERE number IN (SELECT number FROM officers.attempts
          WHERE number NOT IN (SELECT number FROM officers.officers) ORDER BY last_at DESC OFFSET $1)`,
        [MAX_UNKNOWN_ATTEMPTS],
      );
      return ok(before);
    });
  }

  forgetAttempts(number: string): Promise<Result<void, AccountStoreError>> {
    return this.change(async (client) => {
      await client.query('DELETE FROM officers.attempts WHERE number = $1', [number]);
      return ok();
    });
  }

  pending(): Promise<Result<readonly PendingLine[], AccountStoreError>> {
    return this.change(async (client) => {
      const { rows } = await client.query<PendingRow>('SELECT id, event, facts FROM officers.pending ORDER BY id');
      return ok(rows.map(pendingOf));
    });
  }

  written(id: number): Promise<Result<void, AccountStoreError>> {
    return this.change(async (client) => {
      await client.query('DELETE FROM officers.pending WHERE id = $1', [id]);
      return ok();
    });
  }

  async close(): Promise<void> {
    // The pool is the caller's.
  }

  async change<T>(work: Change<T>): Promise<Result<T, AccountStoreError>> {
    let client: PoolClient | null = null;
    try {
      client = await this.#pool.connect();
      await client.query('BEGIN');
      const result = await work(client);
      await client.query(result.ok ? 'COMMIT' : 'ROLLBACK');
      client.release();
      return result;
    } catch (cause) {
      // What state the connection is in is not known: it is thrown away, and with it what was not committed.
      client?.release(true);
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreachable';
      return err({ code: 'storeFailed', detail: code });
    }
  }
}

async function note(client: PoolClient, event: AuditEventId, facts: AuditFacts): Promise<void> {
  await client.query('INSERT INTO officers.pending (event, facts) VALUES ($1, $2)', [event, JSON.stringify(facts)]);
}
