import { Pool, type PoolConfig } from 'pg';

const CONNECT_MS = 5_000;

/** Connections to a port's database; every query has the time limit, and every commit is on the disk before it is answered. */
export function connectPool(connection: PoolConfig, max: number, timeoutMs: number): Pool {
  const pool = new Pool({
    ...connection,
    max,
    connectionTimeoutMillis: Math.min(timeoutMs, CONNECT_MS),
    query_timeout: timeoutMs,
    statement_timeout: timeoutMs,
    // What an administrator may have relaxed for other databases must not be relaxed for this one.
    options: '-c synchronous_commit=on',
  });
  // An idle connection that breaks is noticed by the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
