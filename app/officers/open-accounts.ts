import { join } from 'node:path';
import { Pool } from 'pg';
import { err, ok, type Result } from '../contract/result.ts';
import { loadOrCreateKeyFile } from '../crypto/key-files.ts';
import type { OfficerAccountStore } from './account-store.ts';
import { PinHasher } from './pin-hasher.ts';
import { openPgAccountStore } from './store/pg-account-store.ts';
import { openSqliteAccountStore } from './store/sqlite-account-store.ts';

export interface Accounts {
  readonly store: OfficerAccountStore;
  readonly hasher: PinHasher;
  close(): Promise<void>;
}

export interface OpenAccountsError {
  readonly code: string;
  readonly detail: string;
}

/** The secret that PINs are keyed with lies in `keys/officer-pins.hex` of this folder, the accounts beside it. */
export function openLaneAccounts(dataFolder: string): Result<Accounts, OpenAccountsError> {
  const hasher = openHasher(dataFolder);
  if (!hasher.ok) return hasher;
  const store = openSqliteAccountStore(join(dataFolder, 'officers.sqlite'));
  if (!store.ok) return err(withDetail(store.error));
  return ok({ store: store.value, hasher: hasher.value, close: () => store.value.close() });
}

/** Accounts in a port's database; the secret stays with the hub, in `keys/officer-pins.hex` of its folder. */
export async function openPortAccounts(
  dataFolder: string,
  connectionString: string,
): Promise<Result<Accounts, OpenAccountsError>> {
  const hasher = openHasher(dataFolder);
  if (!hasher.ok) return hasher;
  const pool = new Pool({ connectionString, max: 2, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined);
  const store = await openPgAccountStore(pool);
  if (!store.ok) {
    await pool.end();
    return err(withDetail(store.error));
  }
  return ok({ store: store.value, hasher: hasher.value, close: () => pool.end() });
}

function openHasher(dataFolder: string): Result<PinHasher, OpenAccountsError> {
  const secret = loadOrCreateKeyFile(join(dataFolder, 'keys', 'officer-pins.hex'), 'secret');
  return secret.ok ? ok(new PinHasher(secret.value.key)) : err({ code: secret.error.code, detail: secret.error.path });
}

function withDetail(error: { readonly code: string; readonly detail?: string }): OpenAccountsError {
  return { code: error.code, detail: error.detail ?? '' };
}
