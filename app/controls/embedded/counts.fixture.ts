import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Side } from '../../contract/crossing.ts';

const TABLES = [
  'crossings',
  'notices',
  'alarms',
  'quota_use',
  'presence',
  'holders',
  'endorsements',
  'watchlist',
  'rule_changes',
];

/** For tests: how many rows a control's file has, table by table, seen from outside. */
export function openReadOnlyCounts(dataDir: string, side: Side): Readonly<Record<string, number>> {
  const db = new Database(join(dataDir, `control-${side}.sqlite`), { readonly: true });
  try {
    const count = (table: string): number => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return Object.fromEntries(TABLES.map((table) => [table, count(table)]));
  } finally {
    db.close();
  }
}
