import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { unwrap } from '../../contract/result.ts';
import { type DevPostgres, startDevPostgres } from './dev-server.ts';

type Connection = DevPostgres['connection'];

/** For tests: a server of their own. `close` goes into `afterAll`. */
export interface TestServer {
  readonly folder: string;
  /** Each is thirty megabytes to be made and, after a crash, to be synced: few of them. */
  freshDatabase(): Promise<Connection>;
  crash(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Null when this machine has no PostgreSQL, which is said aloud: `what` is not tested then. */
export async function startTestServer(what: string): Promise<TestServer | null> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-pg-'));
  const started = await startDevPostgres(folder);
  if (!started.ok) {
    process.stderr.write(`${what}: ${started.error.detail}; not tested here\n`);
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
  let server = started.value;
  let databases = 0;
  return {
    folder,
    freshDatabase: async () => {
      const pool = new Pool(server.connection);
      const database = `test_${databases++}`;
      await pool.query(`CREATE DATABASE ${database}`);
      await pool.end();
      return { ...server.connection, database };
    },
    crash: () => server.stop('immediate'),
    start: async () => {
      server = unwrap(await startDevPostgres(folder));
    },
    close: async () => {
      await server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
