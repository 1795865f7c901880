import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import { describeRecordUpkeep } from '../contract/upkeep.contract.ts';
import {
  createControls,
  fakeClock,
  LANE_ID,
  opening,
  traveller,
  walkThrough,
  walkToAsked,
  walkToCommitted,
} from '../crossing.fixture.ts';
import { describeRecordStore } from '../store.contract.ts';
import type { JointRecordStore } from '../store.ts';
import { verifyPgChain, verifyPgPort } from '../verify/verify-postgres.ts';
import type { DevPostgres } from './dev-server.ts';
import { openPgRecordStore } from './pg-store.ts';
import { startTestServer } from './test-server.fixture.ts';

const server = await startTestServer('pg-store');
afterAll(() => server?.close());

let contractDatabase: DevPostgres['connection'] | null = null;

async function emptyTables(connection: DevPostgres['connection']): Promise<void> {
  const pool = new Pool(connection);
  await pool.query(
    'TRUNCATE chains, records, journal, checkpoints, claims, answers, clearances, receipts, outbox, referral_material, late_reports',
  );
  await pool.end();
}

describe.skipIf(server === null)('PostgreSQL', () => {
  if (server === null) return;
  const { freshDatabase } = server;
  describeRecordStore('PostgreSQL', async ({ clock, controls }) => {
    contractDatabase ??= await freshDatabase();
    const connection = contractDatabase;
    const { key, pem } = createSigningKey();
    const options = { connection, signingKeyPem: pem, controlKeys: controls.keys, clock: clock.now };
    const stores: JointRecordStore[] = [];
    const open = async (): Promise<JointRecordStore> => {
      const store = unwrap(await openPgRecordStore(options));
      stores.push(store);
      return store;
    };
    const store = await open();
    await emptyTables(connection);
    return {
      store,
      lanePublicKeyRaw: key.publicKeyRaw,
      reopen: open,
      dispose: async () => {
        for (const store of stores) await store.close();
      },
    };
  });

  describeRecordUpkeep('PostgreSQL', async ({ clock, controls }) => {
    contractDatabase ??= await freshDatabase();
    const connection = contractDatabase;
    const { pem } = createSigningKey();
    const options = { connection, signingKeyPem: pem, controlKeys: controls.keys, clock: clock.now };
    const store = unwrap(await openPgRecordStore(options));
    await emptyTables(connection);
    const pool = new Pool(connection);
    return {
      store,
      verify: () => verifyPgChain(pool, LANE_ID, { keys: null, receipts: [] }),
      dispose: async () => {
        await store.close();
        await pool.end();
      },
    };
  });

  describe('a port', () => {
    const clock = fakeClock();
    const controls = createControls();
    const { pem } = createSigningKey();
    let connection: DevPostgres['connection'];
    const open = async (more: object = {}) =>
      unwrap(
        await openPgRecordStore({
          connection,
          signingKeyPem: pem,
          controlKeys: controls.keys,
          clock: clock.now,
          ...more,
        }),
      );
    beforeAll(async () => {
      connection = await freshDatabase();
    });

    test('two hubs, many lanes, the same document at the same instant: exactly one goes on, always (G3)', async () => {
      const hubs = [await open(), await open()];
      for (let round = 0; round < 25; round++) {
        const who = traveller();
        const attempts = [0, 1, 2, 3].map((n) => {
          const input = { ...opening(who, undefined, `lane-${n}`), profileDigest: who.profile };
          // Half of them by the profile's other document.
          const documentDigests = n % 2 === 0 ? [who.exitDocument] : [who.entryDocument];
          return hubs[n % 2]!.open({ ...input, documentDigests });
        });
        const results = await Promise.all(attempts);
        expect(results.filter(({ ok }) => ok)).toHaveLength(1);
        for (const result of results) if (!result.ok) expect(result.error.code).toBe('duplicateDocument');
      }
      for (const hub of hubs) await hub.close();
    });

    test('two hubs on one lane: every write finds its place in one chain, and every chain verifies', async () => {
      const hubs = [await open(), await open()];
      await Promise.all(
        [0, 1, 2, 3].map(async (n) => {
          const walker = { store: hubs[n % 2]!, clock, controls };
          for (let i = 0; i < 4; i++) await walkThrough(walker);
          const { record } = await walkToCommitted(walker);
          unwrap(await hubs[n % 2]!.end(record.recordId, { type: 'voided', code: 'didNotPass' }));
          await walkToAsked(walker);
        }),
      );
      for (const hub of hubs) await hub.close();
      const pool = new Pool(connection);
      const { rows } = await pool.query<{ chain: string }>('SELECT chain FROM chains');
      expect(rows.length).toBeGreaterThan(1);
      for (const { chain } of rows) {
        const found = await verifyPgChain(pool, chain, { keys: null, receipts: [] });
        expect(found, chain).toMatchObject({ findings: [], unsigned: 0 });
      }
      await pool.end();
      // The same through the front door, by address.
      const address = `postgres://${connection.user}@/${connection.database}?host=${connection.host}&port=${connection.port}`;
      const verdicts = [];
      for await (const verdict of verifyPgPort(address, { keys: null, receipts: [] })) verdicts.push(verdict);
      expect(verdicts.map(({ chain, ok }) => [chain, ok])).toEqual(rows.map(({ chain }) => [chain, true]).sort());
    });

    test('an edited entry, a one-sided clearance: the first is found, the second cannot even be written', async () => {
      const pool = new Pool(connection);
      await expect(pool.query(`UPDATE journal SET at = 'x'`)).rejects.toThrow(/never edited/);
      await expect(pool.query(`DELETE FROM clearances WHERE side = 'exit'`)).rejects.toThrow(/foreign key/);
      await expect(
        pool.query(`UPDATE clearances SET status = 'voided' WHERE side = 'exit' AND status = 'standing'`),
      ).rejects.toThrow(/foreign key/);
      await pool.query('ALTER TABLE journal DISABLE TRIGGER ALL');
      await pool.query(`UPDATE journal SET at = '2026-03-01T09:00:00.000Z' WHERE seq = 5 AND chain = 'lane-1'`);
      const found = await verifyPgChain(pool, 'lane-1', { keys: null, receipts: [] });
      expect(found.findings).toContainEqual(expect.objectContaining({ code: 'entryEdited', seq: 5 }));
      await pool.end();
    });

    test('a server that crashes: what is under way fails in words, what was acknowledged is there, the store goes on', async () => {
      connection = await freshDatabase();
      const store = await open({ timeoutMs: 2_000 });
      const walker = { store, clock, controls };
      const { record } = await walkToCommitted(walker);
      await server.crash();
      const lost = await store.open(opening(traveller()));
      expect(lost).toMatchObject({ ok: false, error: { code: 'storeFailed' } });
      await server.start();
      expect(unwrap(await store.read(record.recordId)).state).toBe('committed');
      await walkThrough(walker);
      await store.close();
      const pool = new Pool(connection);
      expect(await verifyPgChain(pool, 'lane-1', { keys: null, receipts: [] })).toMatchObject({
        findings: [],
        records: 2,
      });
      await pool.end();
    });

    test('a server that is not there is storeFailed at once', async () => {
      const result = await openPgRecordStore({
        connection: { ...connection, host: join(server.folder, 'nowhere') },
        signingKeyPem: pem,
        controlKeys: controls.keys,
        clock: clock.now,
      });
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'storeFailed', detail: expect.stringMatching(/^PG_ENOENT/) },
      });
    });
  });
});
