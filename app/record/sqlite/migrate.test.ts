import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { openDatabase } from './database.ts';
import type { Migration } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'jointgate-migrate-')), 'lane.db');
});
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

const open = (migrations: readonly Migration[]) =>
  openDatabase({ path, migrations, maxPages: null, busyTimeoutMs: 100 });
const first: Migration = { version: 1, name: 'first', sql: 'CREATE TABLE t (x TEXT) STRICT; INSERT INTO t VALUES (1)' };
const second: Migration = { version: 2, name: 'second', sql: 'ALTER TABLE t ADD COLUMN y TEXT' };
const broken: Migration = { version: 2, name: 'broken', sql: 'ALTER TABLE t ADD COLUMN y TEXT; SELECT no_such_thing' };

test('a new file comes to the newest version without a backup, private, with every durability setting', () => {
  const { db, migration } = unwrap(open(MIGRATIONS));
  expect(migration).toEqual({ from: 0, to: MIGRATIONS.length, backup: null });
  const pragma = (name: string) => db.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('secure_delete')]).toEqual([
    'wal',
    2,
    1,
    1,
  ]);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  const loose = db.prepare(
    `SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0`,
  );
  expect(loose.pluck().get()).toBe(0);
  db.close();
});

test('an older file is backed up whole before it is changed', () => {
  unwrap(open([first])).db.close();
  const { db, migration } = unwrap(open([first, second]));
  expect(migration).toEqual({ from: 1, to: 2, backup: `${path}.before-v2` });
  expect(db.prepare('SELECT x, y FROM t').all()).toEqual([{ x: '1', y: null }]);
  db.close();
  const backup = new Database(`${path}.before-v2`, { readonly: true });
  expect(backup.pragma('user_version', { simple: true })).toBe(1);
  expect(backup.prepare('SELECT * FROM t').all()).toEqual([{ x: '1' }]);
  backup.close();
  expect(statSync(`${path}.before-v2`).mode & 0o777).toBe(0o600);
});

test('a migration that fails leaves the old form with the old version', () => {
  unwrap(open([first])).db.close();
  expect(() => open([first, broken])).toThrow(/no_such_thing/);
  const { db } = unwrap(open([first]));
  expect(db.pragma('table_info(t)')).toHaveLength(1);
  db.close();
});

test('a newer file is refused in words and not touched', () => {
  unwrap(open([first, second])).db.close();
  expect(open([first])).toEqual({ ok: false, error: expect.stringMatching(/^newerFile: the file has version 2/) });
  const { db } = unwrap(open([first, second]));
  expect(db.pragma('user_version', { simple: true })).toBe(2);
  db.close();
});

test('somebody else’s database is refused and not touched', () => {
  const other = new Database(path);
  other.exec('CREATE TABLE theirs (x)');
  other.close();
  expect(open(MIGRATIONS)).toEqual({ ok: false, error: expect.stringMatching(/^foreignFile/) });
  const again = new Database(path);
  expect(again.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['theirs']);
  again.close();
});

test('migrations are numbered 1, 2, 3 in order', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_migration, index) => index + 1));
});
