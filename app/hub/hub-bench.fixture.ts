/** For tests and benchmarks: real hubs over a real PostgreSQL, with certificates made at run time. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { unwrap } from '../contract/result.ts';
import { createTestAuthority, type TestAuthority, type TestCertificate } from '../controls/test-certificates.ts';
import { createSigningKey } from '../crypto/signing.ts';
import type { ControlKeys } from '../record/clearance-check.ts';
import { type DevPostgres, startDevPostgres } from '../record/postgres/dev-server.ts';
import type { HubTls } from '../record/remote/https-exchange.ts';
import { openHubClient } from '../record/remote/hub-client.ts';
import { type HubRecordStore, openHubRecordStore } from '../record/remote/hub-store.ts';
import { type Hub, type HubOptions, openHub } from './open-hub.ts';

export interface PortBench {
  readonly folder: string;
  readonly authority: TestAuthority;
  readonly hubKey: { readonly pem: string; readonly publicKeyRaw: string };
  readonly faults: unknown[];
  connection: DevPostgres['connection'];
  server: DevPostgres;
  freshDatabase(): Promise<DevPostgres['connection']>;
  emptyTables(): Promise<void>;
  openHub(change: Partial<HubOptions> & { controlKeys: ControlKeys }): Promise<Hub>;
  tls(laneId: string): Promise<HubTls>;
  openStore(laneId: string, urls: readonly string[], limits?: StoreLimits): Promise<HubRecordStore>;
  /** A crash, and the start after it. */
  crashPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  dispose(): Promise<void>;
}

export interface StoreLimits {
  readonly timeoutMs?: number;
  readonly attemptTimeoutMs?: number;
}

export const urlOf = (port: number): string => `https://127.0.0.1:${port}`;

/** Null when this machine has no PostgreSQL: the test then says so. */
export async function openPortBench(baseFolder = tmpdir()): Promise<PortBench | null> {
  const folder = mkdtempSync(join(baseFolder, 'jointgate-hub-'));
  // PostgreSQL refuses to run as root and runs as nobody then: it must be able to reach its own folder.
  chmodSync(folder, 0o711);
  const started = await startDevPostgres(join(folder, 'pg'));
  if (!started.ok) {
    process.stderr.write(`hub: ${started.error.detail}; nothing over PostgreSQL is tested here\n`);
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
  const authority = await createTestAuthority('port authority');
  const serverCertificate = await authority.server();
  const certificates = new Map<string, TestCertificate>();
  const { key, pem } = createSigningKey();
  let databases = 0;
  const faults: unknown[] = [];
  const bench: PortBench = {
    folder,
    authority,
    faults,
    hubKey: { pem, publicKeyRaw: key.publicKeyRaw },
    connection: started.value.connection,
    server: started.value,
    freshDatabase: async () => {
      const pool = new Pool(bench.server.connection);
      const database = `port_${databases++}`;
      await pool.query(`CREATE DATABASE ${database}`);
      await pool.end();
      bench.connection = { ...bench.server.connection, database };
      return bench.connection;
    },
    emptyTables: async () => {
      const pool = new Pool(bench.connection);
      const { rows } = await pool.query<{ tablename: string }>(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%schema'`,
      );
      if (rows.length > 0) await pool.query(`TRUNCATE ${rows.map(({ tablename }) => tablename).join(', ')}`);
      await pool.end();
    },
    openHub: async (change) =>
      unwrap(
        await openHub({
          connection: bench.connection,
          tls: { cert: serverCertificate.cert, key: serverCertificate.key, laneCa: authority.cert },
          lanes: { host: '127.0.0.1', port: 0 },
          signingKeyPem: pem,
          onFault: (error) => faults.push(error),
          ...change,
        }),
      ),
    tls: async (laneId) => {
      const certificate = certificates.get(laneId) ?? (await authority.client(laneId));
      certificates.set(laneId, certificate);
      return { ca: authority.cert, cert: certificate.cert, key: certificate.key };
    },
    openStore: async (laneId, urls, limits = {}) =>
      openHubRecordStore({
        client: openHubClient({ urls, tls: await bench.tls(laneId), ...limits }),
        laneId,
        software: 'test',
      }),
    crashPostgres: () => bench.server.stop('immediate'),
    startPostgres: async () => {
      bench.server = unwrap(await startDevPostgres(join(folder, 'pg')));
    },
    dispose: async () => {
      await bench.server.stop('immediate').catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}
