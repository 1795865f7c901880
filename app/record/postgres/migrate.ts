import type { Pool } from 'pg';
import { err, ok, type Result } from '../../contract/result.ts';
import { inTransaction } from './transaction.ts';

export interface PgMigration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** "JGJR": whoever migrates holds this advisory lock, so that two hubs may start at once. */
const LOCK = 0x4a474a52;

/**
 * Brings the schema to the newest version: all pending migrations and the version number in one transaction. A newer
 * schema is refused in words. Backups of a PostgreSQL are its administrator's; the manual says so.
 */
export async function migratePostgres(pool: Pool, migrations: readonly PgMigration[]): Promise<Result<void, string>> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS jointgate_schema (version integer NOT NULL)');
    const { rows } = await client.query<{ version: number }>('SELECT version FROM jointgate_schema');
    const from = rows[0]?.version ?? 0;
    const to = migrations.at(-1)?.version ?? 0;
    if (from > to) return err(`newerFile: the database has version ${from}, this software knows up to ${to}`);
    for (const { version, sql } of migrations) if (version > from) await client.query(sql);
    await client.query('DELETE FROM jointgate_schema');
    await client.query('INSERT INTO jointgate_schema VALUES ($1)', [to]);
    return ok();
  });
}
