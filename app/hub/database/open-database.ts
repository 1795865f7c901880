import type { Pool, PoolConfig } from 'pg';
import { err, ok, type Result } from '../../contract/result.ts';
import { connectPool } from '../../record/postgres/connect.ts';
import { migratePostgres } from '../../record/postgres/migrate.ts';
import { PG_MIGRATIONS } from '../../record/postgres/migrations/index.ts';
import { inTransaction } from '../../record/postgres/transaction.ts';
import { HUB_MIGRATIONS } from './hub-schema.ts';

/** How to reach PostgreSQL 15 or later. */
export type HubConnection = Pick<
  PoolConfig,
  'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'
>;

export interface HubDatabase {
  /** For reads, and for the few writes that are not a lane's. */
  readonly pool: Pool;
  /** For the batch writer alone, so that a crossing never waits behind a console's search. */
  readonly writers: Pool;
  close(): Promise<void>;
}

export type DatabaseError = { readonly code: 'databaseFailed'; readonly detail: string };

const READ_CONNECTIONS = 8;
/** "JGHB": whoever migrates holds this advisory lock, so that two hubs may start at once. */
const LOCK = 0x4a474842;

export async function openHubDatabase(
  connection: HubConnection,
  { timeoutMs, writers }: { readonly timeoutMs: number; readonly writers: number },
): Promise<Result<HubDatabase, DatabaseError>> {
  const pool = connectPool(connection, READ_CONNECTIONS, timeoutMs);
  const writing = connectPool(connection, writers, timeoutMs);
  const close = async (): Promise<void> => {
    await Promise.all([pool.end(), writing.end()]);
  };
  try {
    const record = await migratePostgres(pool, PG_MIGRATIONS);
    if (!record.ok) throw new Error(record.error);
    await migrateHub(pool);
    return ok({ pool, writers: writing, close });
  } catch (cause) {
    await close();
    return err({ code: 'databaseFailed', detail: cause instanceof Error ? cause.message : 'unknown' });
  }
}

async function migrateHub(pool: Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS jointgate_hub_schema (version integer NOT NULL)');
    const { rows } = await client.query<{ version: number }>('SELECT version FROM jointgate_hub_schema');
    const from = rows[0]?.version ?? 0;
    if (from > HUB_MIGRATIONS.length) {
      throw new Error(`the hub's tables have version ${from}, this software knows up to ${HUB_MIGRATIONS.length}`);
    }
    for (const sql of HUB_MIGRATIONS.slice(from)) await client.query(sql);
    await client.query('DELETE FROM jointgate_hub_schema');
    await client.query('INSERT INTO jointgate_hub_schema VALUES ($1)', [HUB_MIGRATIONS.length]);
  });
}
