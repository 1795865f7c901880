import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { SIDES } from '../../app/contract/crossing.ts';
import { ok } from '../../app/contract/result.ts';
import { openRemoteHome } from '../../app/controls/inquiry/remote-home.ts';
import { castMember } from '../../app/demo/cast.ts';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import type { Hub } from '../../app/hub/open-hub.ts';
import { openLaneKeys, publicKeyOf } from '../../app/lane/lane-keys.ts';
import { type LaneStage, openStage } from './lane-stage.ts';

const port = await openPortBench();
afterAll(() => port?.dispose());

interface AtHub extends LaneStage {
  /** The hub is gone, and back at the same place. */
  stopHub(): Promise<void>;
  startHub(): Promise<void>;
  readonly hubUrl: string;
}

/** A demonstration lane whose record has its home at a real hub over PostgreSQL. */
async function openAtHub(whenGone: 'failClosed' | 'laneOnly'): Promise<AtHub> {
  if (port === null) throw new Error('no PostgreSQL');
  await port.freshDatabase();
  const tls = await port.tls('DEMO-1');
  const save = (name: string, text: string): string => {
    writeFileSync(join(port.folder, name), text, { mode: 0o600 });
    return join(port.folder, name);
  };
  const none = { exit: [], entry: [] };
  // Any free port, and the same one after that.
  const first = await port.openHub({ controlKeys: none });
  const { lanePort } = first;
  await first.close();
  const files = { ca: save('ca.pem', tls.ca), cert: save('lane.pem', tls.cert), key: save('lane-key.pem', tls.key) };
  let keys: Parameters<typeof port.openHub>[0]['controlKeys'] = none;
  const start = (): Promise<Hub> => port.openHub({ controlKeys: keys, lanes: { host: '127.0.0.1', port: lanePort } });
  let hub: Hub | null = null;
  const stage = await openStage({
    network: { home: { kind: 'hub', urls: [urlOf(lanePort)], tls: files, whenGone, probe: 200 } },
    before: async ({ profile }) => {
      const found = openLaneKeys(profile.dataFolder);
      if (!found.ok) throw new Error(found.error.code);
      const { exit, entry } = found.value.controls;
      keys = { exit: [publicKeyOf(exit)], entry: [publicKeyOf(entry)] };
      hub = await start();
    },
    onEnd: async () => {
      await hub?.close();
    },
  });
  return {
    ...stage,
    hubUrl: urlOf(lanePort),
    stopHub: async () => {
      await hub?.close();
      hub = null;
    },
    startHub: async () => {
      hub = await start();
    },
  };
}

describe.skipIf(port === null)('a lane whose record has its home at the hub', () => {
  test('the commit stands at the hub before the last door opens; without the hub the lane closes, and serves when it is back', async () => {
    const { lane, cross, stopHub, startHub, alarms, nextIsServed, world, hubUrl } = await openAtHub('failClosed');
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    const { output, recordId } = await cross('stevenson');
    expect(output.ending).toEqual({ state: 'passed' });
    expect(await asked(OF_RECORD, recordId)).toEqual({ state: 'passed', standing: true });
    // Both controls in the lane believe the receipt that the hub has signed, and a control on the network is told by the hub what became of it.
    await vi.waitFor(() => expect(atControls(lane, recordId)).toEqual(['passed', 'passed']), patient);
    const control = openRemoteHome(hubUrl, await tlsOf('entry-control'));
    const { signal } = new AbortController();
    expect(await control.outcome(recordId, signal)).toEqual(ok('passed'));
    expect(await control.outcome(randomUUID(), signal)).toEqual(ok('unknown'));
    control.close();
    // It never was the lane's own.
    const own = new Database(join(world.profile.dataFolder, 'record.sqlite'), { readonly: true });
    expect(own.prepare('SELECT count(*) AS n FROM records').get()).toEqual({ n: 0 });
    own.close();

    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    // Gone between the face and the clearance: an officer, and no last door.
    const crossing = cross('eriksson');
    await lane.waitFor(({ traveller }) => traveller?.step === 'walkIn' || traveller?.step === 'lookHere');
    await stopHub();
    // An officer sees whoever stands inside, though the record cannot be read, and leads them out.
    const cut = await crossing;
    expect(cut.output.ending?.state).not.toBe('passed');
    expect(world.doors.door(3).openForward).toBe(false);
    await lane.waitFor(() => lane.supervisor('portSupervisor')?.outOfServiceReasons.includes('hubAway') === true);
    expect(alarms()).toContain('hubLost');
    await startHub();
    const cleaningUp = ['hubAway', 'recoveryPending', 'storeFailed'];
    await lane.waitFor(() => {
      const reasons = lane.supervisor('portSupervisor')?.outOfServiceReasons ?? cleaningUp;
      return !reasons.some((reason) => cleaningUp.includes(reason));
    });
    // Somebody may have been inside when it went away: an officer looks.
    order(lane, { type: 'setService', inService: true });
    await nextIsServed();
  }, 120_000);

  test('with the policy and an officer’s consent the lane goes on by itself, and its records are merged afterwards', async () => {
    const { lane, cross, stopHub, startHub, world } = await openAtHub('laneOnly');
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    await stopHub();
    // The first who comes finds out.
    await world.scanner.presentDocument(castMember('stevenson').lines);
    world.scanner.removeDocument();
    await lane.waitFor(() => lane.supervisor('portSupervisor')?.outOfServiceReasons.includes('hubAway') === true);
    order(lane, { type: 'allowLaneOnly' });
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    const alone = await cross('stevenson');
    expect(alone.output.ending).toEqual({ state: 'passed' });
    await startHub();
    await lane.waitFor(() =>
      (lane.supervisor('portSupervisor')?.timeline ?? []).some(({ event }) => event === 'hubBack'),
    );
    const merged = 'SELECT state FROM hub_merged WHERE record_id = $1';
    await vi.waitFor(async () => expect(await asked(merged, alone.recordId)).toEqual({ state: 'passed' }), {
      timeout: 20_000,
      interval: 200,
    });
  }, 120_000);
});

const patient = { timeout: 15_000, interval: 100 };

async function tlsOf(name: string) {
  if (port === null) throw new Error('no PostgreSQL');
  return port.tls(name);
}

/** What the lane's embedded controls believe became of a record. */
function atControls({ opened }: LaneStage['lane'], recordId: string): readonly unknown[] {
  return SIDES.map((side) => opened.controls[side].embedded?.stateOf(recordId)).map((state) =>
    state?.ok === true ? state.value : state,
  );
}

const OF_RECORD = `SELECT state, EXISTS (
    SELECT FROM clearances c WHERE c.record_id = r.record_id AND c.status = 'standing') AS standing
  FROM records r WHERE record_id = $1`;

/** What the port's own database says. */
async function asked(query: string, recordId: string): Promise<unknown> {
  const pool = new Pool(port?.connection);
  try {
    return (await pool.query(query, [recordId])).rows[0];
  } finally {
    await pool.end();
  }
}

function order(
  { opened }: LaneStage['lane'],
  action: { readonly type: 'setService'; readonly inService: boolean } | { readonly type: 'allowLaneOnly' },
): void {
  opened.lane.receive({ type: 'supervisor', viewer: 'portSupervisor', officer: 'TEST1', action });
}
