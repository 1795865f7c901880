import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { describeAccountStore } from './account-store.contract.ts';
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
