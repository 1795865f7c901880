import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { startDevPostgres } from '../../record/postgres/dev-server.ts';
import { ACCOUNT_OF_BEFORE, describeAccountStore, expectAccountsOfBefore } from './account-store.contract.ts';
import { openPgAccountStore } from './pg-account-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'jointgate-officers-pg-'));
const started = await startDevPostgres(folder);
if (!started.ok) process.stderr.write(`pg-account-store: ${started.error.detail}; it is not tested here\n`);
const server = started.ok ? started.value : null;
const pool = server === null ? null : new Pool({ ...server.connection, max: 4 });
// A server that is stopped ends idle connections, which the pool tells as an error.
pool?.on('error', () => undefined);
afterAll(async () => {
  await pool?.end();
  await server?.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(pool === null)('PostgreSQL', () => {
  const same = async () => unwrap(await openPgAccountStore(pool as Pool));
  const empty = async () => {
    const store = await same();
    await pool?.query('TRUNCATE officers.officers, officers.attempts, officers.pending');
    return store;
  };
  describeAccountStore(empty, same);

  test('tables of before there were authorities are taken over, and a newer software’s are not touched', async () => {
    await pool?.query(`
      DROP SCHEMA IF EXISTS officers CASCADE;
      CREATE SCHEMA officers;
      CREATE TABLE officers.version (one integer PRIMARY KEY CHECK (one = 1), version integer NOT NULL);
      CREATE TABLE officers.officers (
        number text COLLATE "C" PRIMARY KEY,
        role text NOT NULL CHECK (role IN ('exitOfficer', 'entryOfficer', 'portSupervisor', 'technician', 'auditor')),
        pin_hash text NOT NULL CHECK (pin_hash LIKE '$argon2id$%'),
        pin_is_first boolean NOT NULL,
        closed boolean NOT NULL,
        added_at text NOT NULL,
        pin_set_at text NOT NULL
      );
      INSERT INTO officers.version VALUES (1, 1);
      INSERT INTO officers.officers VALUES ${ACCOUNT_OF_BEFORE};
    `);
    // Of several hubs that start at once, one moves the tables on.
    await Promise.all([same(), same()]);
    await expectAccountsOfBefore(same);
    await pool?.query('UPDATE officers.version SET version = 99');
    expect(await openPgAccountStore(pool as Pool)).toMatchObject({ ok: false, error: { detail: 'newerSchema' } });
    await pool?.query('DROP SCHEMA officers CASCADE');
  });

  test('a database that is gone is a failure, not a wait', async () => {
    const nowhere = new Pool({ host: join(folder, 'nowhere'), connectionTimeoutMillis: 500 });
    expect(await openPgAccountStore(nowhere)).toMatchObject({ ok: false, error: { code: 'storeFailed' } });
    await nowhere.end();
  });
});
