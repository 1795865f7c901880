import { Pool } from 'pg';
import { loadPgChain } from './postgres-chain.ts';
import { type Verification, type VerifyOptions, verifyOpened } from './verify-file.ts';

/** Verifies one lane's chain of a port by the same checks as a lane's file. Reads the chain whole into memory. */
export async function verifyPgChain(pool: Pool, chain: string, options: VerifyOptions): Promise<Verification> {
  const file = await loadPgChain(pool, chain);
  return verifyOpened(() => file, options);
}

/** Every chain of a port, one after the other. A kept receipt is held against the chain of its own lane. */
export async function* verifyPgPort(
  connectionString: string,
  options: VerifyOptions,
): AsyncGenerator<Verification & { readonly chain: string }> {
  const pool = new Pool({ connectionString, max: 1, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined); // a connection that breaks is noticed by the next query
  try {
    const { rows } = await pool.query<{ chain: string }>('SELECT chain FROM chains ORDER BY chain');
    for (const { chain } of rows) {
      const receipts = options.receipts.filter(({ body }) => body.laneId === chain);
      yield { chain, ...(await verifyPgChain(pool, chain, { ...options, receipts })) };
    }
  } finally {
    await pool.end();
  }
}
