import { Pool } from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Direction } from '../../app/contract/crossing.ts';
import { laneActionsSchema } from '../../app/contract/hub-protocol.ts';
import type { OfficerRole } from '../../app/contract/officer-account.ts';
import { ok, unwrap } from '../../app/contract/result.ts';
import type { ConsoleUpdate } from '../../app/contract/supervisor-console.ts';
import type { SupervisorAction, SupervisorView } from '../../app/contract/supervisor-view.ts';
import { HubSeat } from '../../app/hub/console/hub-seat.ts';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import type { Hub } from '../../app/hub/open-hub.ts';
import { systemClock } from '../../app/lane/clock.ts';
import { HubLink } from '../../app/lane/hub-link/hub-link.ts';
import { actForHub } from '../../app/lane/hub-link/hub-officers.ts';
import { Officers } from '../../app/officers/officers.ts';
import { openPgAccountStore } from '../../app/officers/store/pg-account-store.ts';
import { createControls } from '../../app/record/crossing.fixture.ts';
import { openHubClient } from '../../app/record/remote/hub-client.ts';
import { type OfficersLane, openOfficersLane, REASON_OF } from '../guarantees/officers-lane.ts';
import { secretsLeft } from '../guarantees/secrets.ts';
import { supervisorView } from '../screens/console-views.ts';

// G5 at a port whose lanes lead both ways: real records, controls, sealed reasons, accounts and hub; two officers of each authority.

const bench = await openPortBench();
afterAll(() => bench?.dispose());

const THERE: Direction = { from: 'CHN', to: 'MAC' };
const BACK: Direction = { from: 'MAC', to: 'CHN' };
const PIN = '481516';
const AT = '2026-03-02T04:00:00.000Z';
const patient = { timeout: 15_000, interval: 50 };
const ACCOUNTS: readonly (readonly [string, OfficerRole, string | null])[] = [
  ['CHN1', 'exitOfficer', 'CHN'],
  ['CHN2', 'entryOfficer', 'CHN'],
  ['MAC1', 'exitOfficer', 'MAC'],
  ['MAC2', 'exitOfficer', 'MAC'],
  ['HKG1', 'exitOfficer', 'HKG'],
  // Of before there were authorities.
  ['OLD1', 'exitOfficer', null],
  ['OLD2', 'entryOfficer', null],
  ['PORT1', 'portSupervisor', null],
];
/** argon2id has a test of its own. */
const hasher = {
  hash: async (pin: string) => ok(`$argon2id$fake$${pin}`),
  verify: async (pin: string, hash: string) => ok(hash === `$argon2id$fake$${pin}`),
};

describe.skipIf(bench === null)('officers of two authorities at one hub', () => {
  if (bench === null) return;
  let hub: Hub;
  let pool: Pool;
  let officers: Officers;
  let open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    await bench.freshDatabase();
    hub = await bench.openHub({ controlKeys: createControls().keys });
    pool = new Pool(bench.connection);
    const store = unwrap(await openPgAccountStore(pool));
    const as = { pinHash: unwrap(await hasher.hash(PIN)), pinIsFirst: false, closed: false, addedAt: AT, pinSetAt: AT };
    for (const [number, role, authority] of ACCOUNTS) unwrap(await store.add({ number, role, authority, ...as }));
    const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
    officers = new Officers({ store, hasher, clock, note: () => undefined });
  }, 60_000);
  afterEach(async () => {
    for (const it of open.reverse()) await it.close();
    open = [];
    await pool.end();
    await hub.close();
  });

  /** A lane with a referral of each authority, linked to the hub as a lane's process links it. */
  async function linkLane(laneId: string, direction: Direction): Promise<OfficersLane & { unlink(): Promise<void> }> {
    const lane = await openOfficersLane(laneId, direction);
    const link = new HubLink({
      client: openHubClient({ urls: [urlOf(hub.lanePort)], tls: (await bench?.tls(laneId)) as never }),
      clock: systemClock,
      wants: () => false,
      onDocument: async () => true,
      onUnheard: () => undefined,
      viewMs: 5,
      repeatMs: 2_000,
      retryMs: 50,
      pollMs: 2_000,
      onAction: (action) => actForHub(lane.officers, lane.direction, action),
    });
    link.start();
    lane.follow((view) => link.show(view));
    const unlink = vi.fn(() => link.close());
    open.push({
      close: async () => {
        if (unlink.mock.calls.length === 0) await link.close();
        await lane.dispose();
      },
    });
    return { ...lane, unlink };
  }

  /** An officer at a console of the hub, and everything that this console was ever sent. */
  async function sit(officer: string) {
    const queries = async () => ({ ok: true, value: { type: 'done' } }) as const;
    const seat = new HubSeat({ officers, views: hub.parts.views, actions: hub.parts.actions, queries });
    const sent: ConsoleUpdate[] = [];
    const stop = seat.open((update) => void sent.push(update));
    const stopListening = hub.parts.views.onChange((laneId) => void seat.changed(laneId));
    open.push({
      close: async () => {
        stop();
        stopListening();
        await seat.handle({ type: 'signOut' });
      },
    });
    expect(await seat.handle({ type: 'signIn', officer, pin: PIN, newPin: null })).toMatchObject({ ok: true });
    const shown = (laneId: string): SupervisorView | null => {
      const views = sent.flatMap((update) =>
        update.type === 'lane' && update.view.laneId === laneId ? [update.view] : [],
      );
      return views.at(-1) ?? null;
    };
    const act = async (laneId: string, action: SupervisorAction) => {
      const reply = await seat.handle({ type: 'act', laneId, action });
      return reply.ok ? 'done' : reply.error.code;
    };
    return {
      sent,
      shown,
      act,
      look: async (laneId: string) => {
        await vi.waitFor(async () => {
          expect(await seat.handle({ type: 'focus', laneId })).toMatchObject({ ok: true });
          expect(shown(laneId)?.referrals).toHaveLength(2);
        }, patient);
        return shown(laneId) as SupervisorView;
      },
      pictures: async (laneId: string, recordId: string) => {
        const reply = await seat.handle({ type: 'pictures', laneId, recordId });
        return reply.ok ? reply.value.type : reply.error.code;
      },
      release: (laneId: string, recordId: string) =>
        act(laneId, { type: 'releaseReferral', recordId, reasonCode: 'documentInspected' }),
      prove: async (recordId: string, second: string | null) => {
        expect(await seat.handle({ type: 'authenticate', pin: PIN })).toMatchObject({ ok: true });
        if (second === null) return 'alone';
        const reply = await seat.handle({ type: 'secondOfficer', officer: second, pin: PIN, recordId });
        return reply.ok ? 'done' : reply.error.code;
      },
    };
  }

  test('on lanes of opposite directions each reads its own authority’s reasons and releases its own referrals only', async () => {
    const lanes = [await linkLane('lane-there', THERE), await linkLane('lane-back', BACK)];
    for (const [own, other] of [
      ['CHN', 'MAC'],
      ['MAC', 'CHN'],
    ] as const) {
      const desk = await sit(`${own}1`);
      for (const lane of lanes) {
        const { laneId } = lane.mini;
        const side = lane.direction.from === own ? 'exit' : 'entry';
        const view = await desk.look(laneId);
        expect(view.viewer, laneId).toBe(`${side}Officer`);
        const reasons = view.referrals.flatMap(({ answers }) => answers).map((it) => [it.side, it.reason]);
        expect(reasons).toContainEqual([side, REASON_OF[own]]);
        // Its own watchlist’s alarms are silent; the other’s are not even alarms here.
        expect(view.alarms.map(({ recordId, silent }) => [recordId, silent])).toEqual([[lane.referralOf[own], true]]);

        const [mine, theirs] = [lane.referralOf[own] ?? '', lane.referralOf[other] ?? ''];
        lane.stand(theirs);
        expect(await desk.prove(theirs, `${own}2`)).toBe('done');
        expect(await desk.release(laneId, theirs)).toBe('notYours');
        for (const action of [
          { type: 'resolveReferral', recordId: theirs, action: 'handedToManualLane', reasonCode: 'notEligible' },
          { type: 'addNote', recordId: theirs, text: 'seen' },
          { type: 'keepReferral', recordId: theirs, reasonCode: 'notEligible' },
        ] as const)
          expect(await desk.act(laneId, action)).toBe('notYours');
        expect(await desk.pictures(laneId, theirs)).toBe('notYours');

        expect(await desk.act(laneId, { type: 'addNote', recordId: mine, text: `seen by ${own}` })).toBe('done');
        expect(await desk.pictures(laneId, mine)).toBe('pictures');
        lane.stand(mine);
        expect(await desk.release(laneId, mine)).toBe('freshAuthenticationNeeded');
        // An officer of the other authority stands by nothing, though their role has the same name.
        expect(await desk.prove(mine, `${other}1`)).toBe('otherSide');
        expect(await desk.release(laneId, mine)).toBe('secondOfficerNeeded');
        expect(await desk.prove(mine, `${own}2`)).toBe('done');
        expect(await desk.release(laneId, mine)).toBe('done');
        expect(lane.released.at(-1)).toBe(mine);
        // The other one waits still, for the other one’s officers.
        await vi.waitFor(
          () => expect(desk.shown(laneId)?.referrals.map((it) => it.recordId)).not.toContain(mine),
          patient,
        );
      }
      const told = JSON.stringify(desk.sent);
      expect(told).toContain(REASON_OF[own]);
      expect(told).not.toContain(REASON_OF[other]);
      // For the next officer both lanes have their referrals anew.
      for (const lane of lanes.splice(0)) await lane.unlink();
      lanes.push(await linkLane('lane-there', THERE), await linkLane('lane-back', BACK));
    }
  }, 90_000);

  test('what lanes show and officers ask lies in the port’s database closed: no reason, note or picture is on its disk', async () => {
    const lane = await linkLane('lane-there', THERE);
    const { mini, referralOf } = lane;
    const desk = await sit('MAC1');
    await desk.look(mini.laneId);
    const recordId = referralOf.MAC ?? '';
    expect(await desk.act(mini.laneId, { type: 'addNote', recordId, text: 'scarOnTheLeftHand' })).toBe('done');
    expect(await desk.pictures(mini.laneId, recordId)).toBe('pictures');
    await pool.query('CHECKPOINT');
    // The search finds what is there.
    expect((await secretsLeft(bench.folder, [mini.laneId]))[0]).toBeDefined();
    expect(await secretsLeft(bench.folder, [...Object.values(REASON_OF), 'scarOnTheLeftHand'])).toEqual([]);
    // Moved to another viewer's place by whoever can write there, a view is none.
    await pool.query(`UPDATE hub_lane_views SET viewer = 'tmp' WHERE viewer = 'exitOfficer'`);
    await pool.query(`UPDATE hub_lane_views SET viewer = 'exitOfficer' WHERE viewer = 'entryOfficer'`);
    expect(await hub.parts.views.one(mini.laneId, 'CHN')).toMatchObject({ view: null });
    expect(String(bench.faults.at(-1))).toContain('port-signing.pem');
    // And the lane sends it again by itself.
    await vi.waitFor(async () => {
      expect((await hub.parts.views.one(mini.laneId, 'CHN'))?.view?.viewer).toBe('exitOfficer');
    }, patient);
  }, 60_000);

  test('an account of no authority, or of a third one, reads neither side’s reasons and acts for nobody; nor does the port for a side', async () => {
    const lanes = [await linkLane('lane-there', THERE), await linkLane('lane-back', BACK)];
    for (const officer of ['OLD1', 'OLD2', 'HKG1', 'PORT1']) {
      const desk = await sit(officer);
      const refusal = officer === 'PORT1' ? 'notYours' : 'notOfThisLane';
      for (const lane of lanes) {
        const { laneId } = lane.mini;
        expect((await desk.look(laneId)).viewer).toBe('portSupervisor');
        for (const recordId of Object.values(lane.referralOf)) {
          lane.stand(recordId);
          await desk.prove(recordId, null);
          expect(await desk.release(laneId, recordId)).toBe(refusal);
          expect(await desk.pictures(laneId, recordId)).toBe('notYours');
          const resolve = { type: 'resolveReferral', recordId, action: 'sentBack', reasonCode: 'notEligible' } as const;
          expect(await desk.act(laneId, resolve)).toBe(refusal);
        }
        if (officer === 'PORT1') continue;
        // Not in the port’s name either, but for whoever is trapped.
        for (const action of [
          { type: 'setService', inService: false },
          { type: 'blockDoors', blocked: true },
          { type: 'reverseLane' },
        ] as const)
          expect(await desk.act(laneId, action)).toBe(refusal);
        expect(await desk.act(laneId, { type: 'emergencyRelease' })).toBe('done');
      }
      for (const reason of Object.values(REASON_OF)) expect(JSON.stringify(desk.sent)).not.toContain(reason);
    }
    for (const lane of lanes) expect(lane.released).toEqual([]);
  }, 60_000);

  test('a lane that is reversed while officers look at it shows each their own side’s new view, and no frame of the other’s', async () => {
    const before = await linkLane('lane-turn', THERE);
    const desks = { CHN: await sit('CHN1'), MAC: await sit('MAC1'), OLD: await sit('OLD1') };
    for (const desk of Object.values(desks)) await desk.look('lane-turn');
    await before.unlink();
    const after = await linkLane('lane-turn', BACK);
    await vi.waitFor(() => {
      for (const desk of Object.values(desks)) expect(desk.shown('lane-turn')?.direction).toEqual(BACK);
    }, patient);
    expect(desks.CHN.shown('lane-turn')?.viewer).toBe('entryOfficer');
    expect(desks.MAC.shown('lane-turn')?.viewer).toBe('exitOfficer');
    expect(desks.OLD.shown('lane-turn')?.viewer).toBe('portSupervisor');
    const told = Object.fromEntries(Object.entries(desks).map(([who, { sent }]) => [who, JSON.stringify(sent)]));
    for (const [who, text] of Object.entries(told))
      for (const [whose, reason] of Object.entries(REASON_OF))
        expect(text.includes(reason), `${who} ${whose}`).toBe(who === whose);
    // And they act for the side that is theirs now.
    const theirs = after.referralOf.MAC ?? '';
    const note = { type: 'addNote', recordId: theirs, text: 'reversed' } as const;
    expect(await desks.CHN.act('lane-turn', note)).toBe('notYours');
    expect(await desks.MAC.act('lane-turn', note)).toBe('done');
    const { rows } = await pool.query('SELECT DISTINCT leads_from FROM hub_lane_views');
    expect(rows).toEqual([{ leads_from: 'MAC' }]);
  }, 60_000);

  test('views of two directions are chosen by the direction they were made in, however they came to lie beside each other', async () => {
    const { views } = hub.parts;
    const made = (viewer: SupervisorView['viewer'], direction: Direction) =>
      supervisorView(viewer, { laneId: 'lane-odd', direction });
    const one = async (eyes: string) => (await views.one('lane-odd', eyes))?.view ?? null;
    await views.put('lane-odd', [
      made('exitOfficer', THERE),
      made('entryOfficer', THERE),
      made('portSupervisor', THERE),
    ]);
    expect(await one('CHN')).toMatchObject({ viewer: 'exitOfficer' });
    // The first view after a reversal comes alone: what is old is gone, rather than another authority’s.
    await views.put('lane-odd', [made('portSupervisor', BACK)]);
    expect(await one('CHN')).toBeNull();
    expect(await one('MAC')).toBeNull();
    expect(await one('HKG')).toMatchObject({ viewer: 'portSupervisor', direction: BACK });
    await views.put('lane-odd', [made('exitOfficer', BACK)]);
    expect(await one('CHN')).toBeNull();
    expect(await one('MAC')).toMatchObject({ viewer: 'exitOfficer', direction: BACK });
    // One request with both is refused at the door.
    const client = openHubClient({ urls: [urlOf(hub.lanePort)], tls: await bench.tls('lane-odd') });
    const body = { views: [made('exitOfficer', THERE), made('entryOfficer', BACK)] };
    const call = { method: 'PUT', path: '/v1/lane/views', body, life: null, answer: null, timeoutMs: 5_000 } as const;
    expect(await client.call(call)).toMatchObject({ error: { problem: { code: 'requestMalformed' } } });
    client.close();
    expect(await one('CHN')).toBeNull();
  });

  test('what a hub of another version has written for a lane holds up nobody, and lanes of another version find nothing', async () => {
    const action = {
      viewer: 'exitOfficer',
      officer: 'CHN1',
      second: null,
      request: { type: 'act', action: { type: 'blockDoors', blocked: true } },
    };
    await pool.query('INSERT INTO hub_actions (lane_id, action) VALUES ($1, $2)', [
      'lane-there',
      JSON.stringify(action),
    ]);
    const { actions, next } = await hub.parts.actions.list('lane-there', 0, 1_000);
    expect([actions, next]).toEqual([[], 1]);
    const client = openHubClient({ urls: [urlOf(hub.lanePort)], tls: await bench.tls('lane-there') });
    const poll = {
      method: 'GET',
      path: '/v1/lane/actions',
      body: null,
      life: null,
      answer: laneActionsSchema,
      timeoutMs: 5_000,
    } as const;
    expect(await client.call(poll)).toMatchObject({ ok: false, error: { problem: { code: 'notFound' } } });
    expect(await client.call({ ...poll, path: '/v2/lane/actions' })).toMatchObject({ ok: true });
    client.close();
  });
});
