import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { ACCOUNT_OF_BEFORE, describeAccountStore, expectAccountsOfBefore } from './account-store.contract.ts';
import { openSqliteAccountStore } from './sqlite-account-store.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-officers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = async () => unwrap(openSqliteAccountStore(join(folder, 'officers.sqlite')));

describeAccountStore(open, open);

test('the file is private', async () => {
  await (await open()).close();
  expect(statSync(join(folder, 'officers.sqlite')).mode & 0o777).toBe(0o600);
});

test('a foreign, a newer and a broken file are refused and left as they are', () => {
  const path = join(folder, 'other.sqlite');
  const other = new Database(path);
  other.pragma('application_id = 1');
  other.close();
  expect(openSqliteAccountStore(path)).toMatchObject({ ok: false, error: { detail: 'foreignFile' } });
  const newer = new Database(path);
  newer.pragma('user_version = 99');
  newer.close();
  expect(openSqliteAccountStore(path)).toMatchObject({ ok: false, error: { detail: 'newerFile' } });
  writeFileSync(join(folder, 'broken'), 'no database at all, but long enough to be looked at as one');
  expect(openSqliteAccountStore(join(folder, 'broken'))).toMatchObject({ ok: false, error: { code: 'storeFailed' } });
});

test('a file of before there were authorities is taken over', async () => {
  const before = new Database(join(folder, 'officers.sqlite'));
  before.exec(`
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
      number TEXT PRIMARY KEY, failures INTEGER NOT NULL, locked_until TEXT, last_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE pending (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, facts TEXT NOT NULL) STRICT;
    INSERT INTO officers VALUES ${ACCOUNT_OF_BEFORE};
  `);
  before.pragma(`application_id = ${0x4a474f46}`);
  before.pragma('user_version = 1');
  before.close();
  await expectAccountsOfBefore(open);
});
