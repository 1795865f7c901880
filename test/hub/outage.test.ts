import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { journalTakenSchema, LANE_PATHS } from '../../app/contract/hub-protocol.ts';
import { unwrap } from '../../app/contract/result.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import { systemClock } from '../../app/lane/clock.ts';
import { type HomeState, HomeStore } from '../../app/lane/hub-link/home-store.ts';
import { uploadJournal } from '../../app/lane/hub-link/journal-uploader.ts';
import { createControls, opening, traveller, walkThrough } from '../../app/record/crossing.fixture.ts';
import { type HubClient, openHubClient } from '../../app/record/remote/hub-client.ts';
import { openHubRecordStore } from '../../app/record/remote/hub-store.ts';
import { readLocalJournal } from '../../app/record/remote/local-journal.ts';
import { openSqliteRecordStore } from '../../app/record/sqlite/client.ts';
import { verifyPgChain } from '../../app/record/verify/verify-postgres.ts';
import { type HubChild, startHubChild } from './hub-child.ts';

// What a lane does while no hub answers, by both policies, and how what it wrote meanwhile comes to the hub.

const bench = await openPortBench();
afterAll(() => bench?.dispose());
const controls = createControls();
const clock = { now: () => new Date(), advance: () => undefined };

describe.skipIf(bench === null)('a lane whose hub goes away', () => {
  if (bench === null) return;
  let hub: HubChild;
  let client: HubClient;
  let file: string;
  let closing: (() => Promise<unknown>)[] = [];
  let states: HomeState[];
  let told: () => void = () => undefined;

  beforeEach(async () => {
    await bench.freshDatabase();
    hub = await startHubChild(bench, controls.keys);
    states = [];
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
    await hub.kill();
  });

  const openHome = async (policy: 'failClosed' | 'laneOnly'): Promise<HomeStore> => {
    file = join(bench.folder, `${randomUUID()}.sqlite`);
    client = openHubClient({
      urls: [urlOf(hub.port)],
      tls: await bench.tls('lane-1'),
      timeoutMs: 1_500,
      attemptTimeoutMs: 1_000,
    });
    const local = unwrap(
      await openSqliteRecordStore({
        path: file,
        laneSigningKey: { pem: createSigningKey().pem },
        controlKeys: controls.keys,
        clock: clock.now,
      }),
    );
    const home = new HomeStore({
      laneId: 'lane-1',
      hub: openHubRecordStore({ client, laneId: 'lane-1', software: 'test' }),
      local,
      policy,
      clock: systemClock,
      probeMs: 100,
      merge: () => uploadJournal(client, file),
      onState: (state) => {
        states.push(state);
        told();
      },
    });
    closing.push(() => home.close());
    unwrap(await home.beginLife('lane-1'));
    return home;
  };
  const stateIs = async (home: HomeStore, state: HomeState): Promise<void> => {
    while (home.state !== state) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  };
  const bringBack = async (): Promise<void> => {
    hub = await startHubChild(bench, controls.keys, hub.port);
  };
  const query = async <T extends object>(text: string): Promise<T[]> => {
    const pool = new Pool(bench.connection);
    const { rows } = await pool.query<T>(text);
    await pool.end();
    return rows;
  };

  test('failClosed: nothing new is begun, and audit lines of that time are at the hub afterwards', async () => {
    const home = await openHome('failClosed');
    await walkThrough({ store: home, clock, controls });
    await hub.kill();
    const refused = { ok: false, error: { code: 'storeFailed', detail: expect.stringMatching(/^hubAway/) } };
    expect(await home.open(opening(traveller()))).toMatchObject(refused);
    expect(home.state).toBe('away');
    expect(await home.allowLaneOnly('PS001')).toEqual({ ok: false, error: { code: 'notPolicy' } });
    expect(await home.open(opening(traveller()))).toMatchObject(refused);
    unwrap(await home.audit({ event: 'hubLost', recordId: null, owner: 'port', facts: {} }));
    await bringBack();
    await stateIs(home, 'hub');
    expect(states).toEqual(['away', 'hub']);
    const kept = await query<{ payload: string }>(`SELECT payload FROM hub_journal_entries WHERE type = 'audit'`);
    expect(kept.map(({ payload }) => JSON.parse(payload).event)).toEqual(['hubLost']);
    await walkThrough({ store: home, clock, controls });
  }, 60_000);

  test('laneOnly: records made meanwhile are merged, and one whose document was live elsewhere is a referral', async () => {
    const home = await openHome('laneOnly');
    const other = await bench.openStore('lane-2', [urlOf(hub.port)]);
    closing.push(() => other.close());
    const [shared, alone] = [traveller(), traveller()];
    const elsewhere = opening(shared, undefined, 'lane-2');
    unwrap(await other.open(elsewhere));
    await hub.kill();
    expect((await home.open(opening(shared))).ok).toBe(false);
    unwrap(await home.allowLaneOnly('PS001'));
    const walker = { store: home, clock, controls };
    const mine = await walkThrough(walker, shared);
    const free = await walkThrough(walker, alone);
    const underWay = opening(traveller());
    unwrap(await home.open(underWay));
    // Told to the controls from the lane's own outbox, as ever.
    const [notice] = unwrap(await home.outbox('exit', 10));
    expect(notice).toMatchObject({
      id: expect.any(Number),
      notice: { recordId: mine.record.recordId, step: 'commit' },
    });
    unwrap(await home.noticeDelivered(notice?.id ?? 0));
    await bringBack();
    await stateIs(home, 'hub');
    expect(states).toEqual(['away', 'laneOnly', 'hub']);
    // It ends where it began.
    unwrap(await home.end(underWay.recordId, { type: 'abandoned', code: 'didNotEnter' }));
    const live = unwrap(await home.live('lane-1'));
    expect(live).toMatchObject([{ state: 'referred', referral: { owner: 'port', code: 'duplicateDocument' } }]);
    const lines = await query<{ payload: string }>(
      `SELECT payload FROM journal WHERE chain = 'lane-1' AND type = 'audit'`,
    );
    const facts = lines.map(({ payload }) => JSON.parse(payload)).filter(({ event }) => event === 'duplicateDocument');
    expect(facts).toMatchObject([
      { facts: { record: mine.record.recordId, other: elsewhere.recordId, otherLane: 'lane-2' } },
    ]);
    const merged = await query<{ record_id: string; state: string }>('SELECT record_id, state FROM hub_merged');
    expect(merged).toContainEqual({ record_id: free.record.recordId, state: 'passed' });
    // Again: nothing new, no second referral.
    const again = unwrap(await uploadJournal(client, file));
    expect(again.conflicts).toEqual([]);
    expect(unwrap(await home.live('lane-1'))).toHaveLength(1);
    const pool = new Pool(bench.connection);
    const found = await verifyPgChain(pool, 'lane-1', { keys: null, receipts: [] });
    expect(found.findings).toEqual([]);
    await pool.end();
  }, 60_000);

  test('a journal that was edited, cut or told twice differently is refused, and is an alarm', async () => {
    const home = await openHome('failClosed');
    await hub.kill();
    expect((await home.open(opening(traveller()))).ok).toBe(false);
    for (let n = 0; n < 4; n++)
      unwrap(await home.audit({ event: 'laneStarted', recordId: null, owner: 'port', facts: { n } }));
    const { storeId, rows } = unwrap(readLocalJournal(file, 1, 100));
    await bringBack();
    await stateIs(home, 'hub');
    const send = (entries: readonly object[], store = storeId) =>
      client.call({
        method: 'POST',
        path: LANE_PATHS.journal.replace(':storeId', store),
        body: { entries },
        life: null,
        answer: journalTakenSchema,
      });
    const forked = { ok: false, error: { code: 'refused', problem: { status: 409, code: 'journalForked' } } };
    const edited = rows.map((row) => ({ ...row, payload: row.payload.replace('"n":2', '"n":7') }));
    expect(edited).not.toEqual(rows);
    const fresh = randomUUID();
    expect(await send(edited, fresh)).toMatchObject(forked);
    expect(await send([...rows.slice(0, 1), ...rows.slice(2)], fresh)).toMatchObject(forked);
    expect(await send([{ ...rows[1], hash: 'a'.repeat(64) }])).toMatchObject(forked);
    // The same again is no harm.
    expect(await send(rows)).toMatchObject({ ok: true });
    const alarms = await query<{ payload: string }>(
      `SELECT payload FROM journal WHERE chain = '.port' AND type = 'audit'`,
    );
    expect(alarms.filter(({ payload }) => payload.includes('journalBroken'))).toHaveLength(3);
    expect(await query(`SELECT 1 FROM hub_journals WHERE store_id = '${fresh}'`)).toEqual([]);
  }, 60_000);
});
