import type { Pool, PoolClient } from 'pg';

/** Where a query can be sent: the pool, or one client in its transaction. */
export type Queryable = Pool | PoolClient;

/** All or nothing. A client whose rollback fails too is thrown away, not given back. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (cause) {
    const broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client.release(broken);
    throw cause;
  }
}
