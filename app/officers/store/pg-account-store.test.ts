import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { startDevPostgres } from '../../record/postgres/dev-server.ts';
import { describeAccountStore } from './account-store.contract.ts';
import { openPgAccountStore } from './pg-account-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'jointgate-officers-pg-'));
const started = await startDevPostgres(folder);
if (!started.ok) process.stderr.write(`pg-account-store: ${started.error.detail}; it is not tested here\n`);
const server = started.ok ? started.value : null;
const pool = server === null ? null : new Pool({ ...server.connection, max: 4 });
// A server that is stopped ends idle connections, which the pool tells as an error.
pool?.on('error', () => undefined);
afterAll(async () => {
  await pool?.end();
  await server?.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(pool === null)('PostgreSQL', () => {
  const same = async () => unwrap(await openPgAccountStore(pool as Pool));
  const empty = async () => {
    const store = await same();
    await pool?.query('TRUNCATE officers.officers, officers.attempts, officers.pending');
    return store;
  };
  describeAccountStore(empty, same);

  test('a database that is gone is a failure, not a wait', async () => {
    const nowhere = new Pool({ host: join(folder, 'nowhere'), connectionTimeoutMillis: 500 });
    expect(await openPgAccountStore(nowhere)).toMatchObject({ ok: false, error: { code: 'storeFailed' } });
    await nowhere.end();
  });
});
