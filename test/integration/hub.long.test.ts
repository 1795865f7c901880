import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Pool } from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { SIDES } from '../../app/contract/crossing.ts';
import { CONSOLE_PATHS } from '../../app/contract/hub-protocol.ts';
import { receiptSchema } from '../../app/contract/receipt.ts';
import { ok, unwrap } from '../../app/contract/result.ts';
import { openRemoteHome } from '../../app/controls/inquiry/remote-home.ts';
import { castMember } from '../../app/demo/cast.ts';
import { holderScene } from '../../app/demo/play.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import type { Hub } from '../../app/hub/open-hub.ts';
import { EnrolmentStore } from '../../app/lane/enrolment-store.ts';
import { openLaneKeys, publicKeyOf } from '../../app/lane/lane-keys.ts';
import { addOfficer } from '../../app/officers/administration.ts';
import { openPortAccounts } from '../../app/officers/open-accounts.ts';
import { verifyReceipt } from '../../app/record/receipt.ts';
import { exportCopies } from '../../app/record/verify/export-copies.ts';
import { type LaneStage, openStage } from './lane-stage.ts';

const port = await openPortBench();
afterAll(() => port?.dispose());

interface AtHub extends LaneStage {
  /** The hub is gone, and back at the same place. */
  stopHub(): Promise<void>;
  startHub(): Promise<void>;
  readonly hubUrl: string;
  hub(): Hub;
}

const PIN = '234251';

/** The port's officers, in its own database. */
async function openAccounts() {
  if (port === null) throw new Error('no PostgreSQL');
  const { host, port: at, user, database } = port.connection;
  const address = `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${at}`;
  const accounts = unwrap(await openPortAccounts(port.folder, address));
  for (const [number, role, authority] of [
    ['SU001', 'portSupervisor', null],
    ['EN001', 'entryOfficer', 'MAC'],
    // Of the same authority as the other one: that they are named after the other side means nothing.
    ['EN002', 'exitOfficer', 'MAC'],
  ] as const)
    unwrap(await addOfficer({ ...accounts, number, role, authority, pin: '481516', at: new Date().toISOString() }));
  return { accounts };
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
  const { accounts } = await openAccounts();
  const console = { host: '127.0.0.1', port: 0, accounts, pages: null, documentKey: null };
  const start = (): Promise<Hub> =>
    port.openHub({ controlKeys: keys, lanes: { host: '127.0.0.1', port: lanePort }, console });
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
      await accounts.close();
    },
  });
  return {
    ...stage,
    hubUrl: urlOf(lanePort),
    hub: () => {
      if (hub === null) throw new Error('the hub is gone');
      return hub;
    },
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
    // It never was the lane's own, but each side can be told from the lane's file what became of it.
    const path = join(world.profile.dataFolder, 'record.sqlite');
    const own = new Database(path, { readonly: true });
    expect(own.prepare('SELECT count(*) AS n FROM records').get()).toEqual({ n: 0 });
    own.close();
    await vi.waitFor(() => {
      const [copy] = [...exportCopies(path, 'entry', '2000-01-01', '2100-01-01')];
      expect(copy).toMatchObject({ recordId, home: 'hub', state: 'passed', clearance: 'standing' });
      expect(verifyReceipt(receiptSchema.parse(copy?.receipt), port?.hubKey.publicKeyRaw ?? '')).toBe(true);
    }, patient);

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
    expect(lane.supervisor('portSupervisor')?.mayGoAlone).toBe(false);
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

  test('two officers at a console of the hub release whom their control has refused; both records have their home at the hub', async () => {
    const { lane, world, hub } = await openAtHub('failClosed');
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    const member = castMember('noor');
    lane.stand(await liveFrames(holderScene(member.person), { count: 30, width: 640, height: 480 }));
    await world.scanner.presentDocument(member.lines);
    world.scanner.removeDocument();
    const walk = async (door: number) => {
      expect(await world.doors.waitFor((it) => it.door(door).openForward, 40_000), `door ${door}`).toBe(true);
      await world.doors.walkIn(door);
    };
    await walk(1);
    const referral = async () => (await hub().parts.views.one('DEMO-1', 'MAC'))?.view?.referrals[0];
    await vi.waitFor(async () => expect((await referral())?.release).toEqual({ officers: 2 }), {
      ...patient,
      timeout: 60_000,
    });
    const recordId = (await referral())?.recordId ?? '';

    const browser = openBrowser(hub());
    const signIn = (officer: string) => browser({ type: 'signIn', officer, pin: '481516', newPin: PIN });
    for (const officer of ['EN002', 'EN001']) expect(await signIn(officer)).toMatchObject({ ok: true });
    const action = { type: 'releaseReferral', recordId, reasonCode: 'documentInspected' };
    const release = () => browser({ type: 'act', laneId: 'DEMO-1', action });
    const prove = () => browser({ type: 'authenticate', pin: PIN });
    expect(await release()).toMatchObject({ error: { code: 'freshAuthenticationNeeded' } });
    expect(await prove()).toMatchObject({ ok: true });
    expect(await release()).toMatchObject({ error: { code: 'secondOfficerNeeded' } });
    expect(await prove()).toMatchObject({ ok: true });
    expect(await browser({ type: 'secondOfficer', officer: 'EN002', pin: PIN, recordId })).toMatchObject({ ok: true });
    expect(await release()).toMatchObject({ ok: true });
    await walk(2);
    await walk(3);
    await lane.waitFor(() => lane.reports.at(-1)?.output.ending?.state === 'passed');
    const next = lane.reports.at(-1)?.recordId ?? '';
    expect(await asked(OF_RECORD, recordId)).toEqual({ state: 'refused', standing: false });
    expect(await asked(OF_RECORD, next)).toEqual({ state: 'passed', standing: true });
    expect(await asked(`SELECT rest::jsonb ->> 'releaseOf' AS "of" FROM records WHERE record_id = $1`, next)).toEqual({
      of: recordId,
    });
    await vi.waitFor(() => expect(atControls(lane, next)).toEqual(['passed', 'passed']), patient);
  }, 180_000);

  test('officers at a console of the hub see the lane, act at it and are answered; it takes the port’s rules and profiles', async () => {
    const { lane, world, hub, cross } = await openAtHub('failClosed');
    const { views, documents } = hub().parts;
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    const shown = async () => (await views.one('DEMO-1', 'port'))?.view;
    await vi.waitFor(async () => expect((await shown())?.inService).toBe(true), patient);
    for (const [eyes, viewer] of Object.entries({ CHN: 'exitOfficer', MAC: 'entryOfficer', HKG: 'portSupervisor' }))
      expect((await views.one('DEMO-1', eyes))?.view?.viewer).toBe(viewer);

    const browser = openBrowser(hub());
    const act = (action: object) => browser({ type: 'act', laneId: 'DEMO-1', action });
    expect(await act({ type: 'setService', inService: false })).toMatchObject({ error: { code: 'signInNeeded' } });
    expect(await browser({ type: 'signIn', officer: 'SU001', pin: '481516', newPin: PIN })).toMatchObject({ ok: true });
    expect(await act({ type: 'setService', inService: false })).toMatchObject({ ok: true });
    expect(lane.supervisor('portSupervisor')?.outOfServiceReasons).toContain('closedByOfficer');
    await vi.waitFor(async () => expect((await shown())?.outOfServiceReasons).toContain('closedByOfficer'), patient);
    // The lane's own answer, not the hub's.
    expect(await act({ type: 'allowLaneOnly' })).toMatchObject({ error: { code: 'notPossibleNow' } });
    expect(await asked(OF_OFFICER, 'serviceChanged')).toEqual({ officer: 'SU001' });

    const { exit } = lane.opened.controls;
    const now = exit.embedded?.rules.current();
    const content = JSON.parse(JSON.stringify({ ...now, version: 'port-7' }));
    const taken = (text: string) => () => told(lane).some((line) => line === text);
    unwrap(await documents.put({ kind: 'rules', name: 'exit.json' }, { basedOn: 0, content }, 'TE001'));
    // Sealed by another lane of the port, and by one of another port.
    const others = await foreignProfiles(lane, world.profile.dataFolder);
    unwrap(await documents.put({ kind: 'profiles', name: 'own' }, { basedOn: 0, content: others.own }, 'TE001'));
    unwrap(
      await documents.put({ kind: 'profiles', name: 'foreign' }, { basedOn: 0, content: others.foreign }, 'TE001'),
    );
    await lane.waitFor(taken('hubDocumentTaken rules exit.json'));
    await lane.waitFor(taken('hubDocumentTaken profiles own'));
    await lane.waitFor(taken('hubDocumentRefused profiles foreign otherKey'));
    expect(exit.embedded?.rules.current().version).toBe('port-7');
    expect(lane.opened.enrolment.count()).toBe(others.count);

    expect(await act({ type: 'setService', inService: true })).toMatchObject({ ok: true });
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    const { output, recordId } = await cross('stevenson');
    expect(output.ending).toEqual({ state: 'passed' });
    const record = unwrap(await lane.opened.record.read(recordId));
    expect(record.answers.exit?.body.ruleVersion).toBe('port-7');
  }, 120_000);

  test('with the policy and an officer’s consent the lane goes on by itself, and its records are merged afterwards', async () => {
    const { lane, cross, stopHub, startHub, world } = await openAtHub('laneOnly');
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    await stopHub();
    // The first who comes finds out.
    await world.scanner.presentDocument(castMember('stevenson').lines);
    world.scanner.removeDocument();
    await lane.waitFor(() => lane.supervisor('portSupervisor')?.outOfServiceReasons.includes('hubAway') === true);
    expect(lane.supervisor('portSupervisor')?.mayGoAlone).toBe(true);
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

const OF_OFFICER = `SELECT payload::jsonb -> 'facts' ->> 'officer' AS officer FROM journal
  WHERE payload::jsonb ->> 'event' = $1 ORDER BY seq DESC LIMIT 1`;

function told(lane: LaneStage['lane']): readonly string[] {
  return (lane.supervisor('portSupervisor')?.timeline ?? []).map(({ event, detail }) => `${event} ${detail}`);
}

/** One more traveller as another lane of this port sealed them, and one of a port with other keys. */
async function foreignProfiles({ opened }: LaneStage['lane'], dataFolder: string) {
  const keys = unwrap(openLaneKeys(dataFolder));
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-other-lane-'));
  const sealedBy = (enrolmentKey: Uint8Array, profileId: string) => {
    const store = unwrap(EnrolmentStore.open(join(folder, `${profileId}.sqlite`), enrolmentKey, keys.portKey));
    const document = (number: string) => ({
      kind: 'passport' as const,
      issuingState: 'UTO',
      number,
      nationality: 'UTO',
      birthDate: '1980-01-01',
      expiryDate: '2090-01-01',
      sex: 'X' as const,
      name: 'SPECIMEN  NOBODY',
    });
    const documents = { exit: document(`${profileId}1`), entry: document(`${profileId}2`) };
    const enrolled = { profileId, documents, consentGivenAt: null };
    unwrap(store.enrol(enrolled, new Uint8Array(8)));
    const sealed = unwrap(store.sealed());
    store.close();
    return JSON.parse(JSON.stringify(sealed));
  };
  const found = {
    own: sealedBy(keys.enrolmentKey, 'NEW'),
    foreign: sealedBy(new Uint8Array(32), 'ALIEN'),
    count: opened.enrolment.count() + 1,
  };
  rmSync(folder, { recursive: true });
  return found;
}

/** One browser at the hub's console: keeps its cookie as a browser does. */
function openBrowser({ consolePort }: Hub) {
  let cookie = '';
  return (request: object) =>
    new Promise<unknown>((resolve, reject) => {
      const headers = { 'jointgate-console': '1', 'content-type': 'application/json', cookie };
      const path = CONSOLE_PATHS.requests;
      const to = { host: '127.0.0.1', port: consolePort ?? 0, method: 'POST', path, ca: port?.authority.cert, headers };
      const sent = httpsRequest(to, (response) => {
        cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
        let got = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          got += chunk;
        });
        response.on('end', () => resolve(JSON.parse(got)));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(request));
    });
}

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
