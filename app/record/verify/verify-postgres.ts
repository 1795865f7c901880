import type { Pool } from 'pg';
import { loadPgChain } from './postgres-chain.ts';
import { type Verification, type VerifyOptions, verifyOpened } from './verify-file.ts';

/** Verifies one lane's chain of a port by the same checks as a lane's file. Reads the chain whole into memory. */
export async function verifyPgChain(pool: Pool, chain: string, options: VerifyOptions): Promise<Verification> {
  const file = await loadPgChain(pool, chain);
  return verifyOpened(() => file, options);
}
