import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Direction } from '../contract/crossing.ts';
import { ok, unwrap } from '../contract/result.ts';
import type { ConsoleRequest, ConsoleUpdate } from '../contract/supervisor-console.ts';
import type { SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import type { OfficerAccountStore } from '../officers/account-store.ts';
import { Officers } from '../officers/officers.ts';
import { openSqliteAccountStore } from '../officers/store/sqlite-account-store.ts';
import type { ActingOfficer } from './acting-officer.ts';
import { OfficerConsole } from './officer-console.ts';
import { ConsoleQueries } from './officer-queries.ts';

const PIN = '481516';
const LANE = 'L07';
const AT = '2026-05-08T02:15:00.000Z';
const RECORD = '0197a3c4-5d6e-7f80-9a1b-2c3d4e5f6011';
const ACCOUNTS = {
  E1001: ['exitOfficer', 'CHN'],
  E1002: ['exitOfficer', 'CHN'],
  N2001: ['entryOfficer', 'MAC'],
  H2002: ['exitOfficer', 'HKG'],
  B2003: ['exitOfficer', null],
  P3001: ['portSupervisor', null],
  T4001: ['technician', null],
  A5001: ['auditor', null],
} as const;
const THERE: Direction = { from: 'CHN', to: 'MAC' };
const BACK: Direction = { from: 'MAC', to: 'CHN' };

const hasher = {
  hash: async (pin: string) => ok(`$argon2id$fake$${Buffer.from(pin).toString('hex')}`),
  verify: async (pin: string, hash: string) => ok(hash.endsWith(Buffer.from(pin).toString('hex'))),
};

let folder = '';
let store: OfficerAccountStore;
let nowMs = 0;
let timers: { atMs: number; call: () => void }[] = [];
let sent: ConsoleUpdate[] = [];
let acted: { by: ActingOfficer; type: string }[] = [];
let searched: unknown[] = [];
let desk: OfficerConsole;

const clock = {
  nowMs: () => nowMs,
  monotonicMs: () => nowMs,
  after: (delayMs: number, call: () => void) => {
    const timer = { atMs: nowMs + delayMs, call };
    timers.push(timer);
    return () => {
      timers = timers.filter((it) => it !== timer);
    };
  },
};
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function pass(ms: number): Promise<void> {
  nowMs += ms;
  for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) {
    timers = timers.filter((it) => it !== timer);
    timer.call();
  }
  await settle();
}

function makeDesk(lookAs = false, direction = THERE): OfficerConsole {
  const found = ok({ type: 'records' as const, records: [], more: false });
  return new OfficerConsole({
    laneId: LANE,
    direction,
    officers: new Officers({ store, hasher, clock, note: () => undefined }),
    actions: {
      act: async (by, action) => {
        acted.push({ by, type: action.type });
        return ok();
      },
      material: async () => ok({ portrait: null, live: null, notes: [] }),
    },
    queries: new ConsoleQueries({
      portKey: new Uint8Array(32).fill(3),
      note: () => undefined,
      search: {
        records: async (query) => {
          searched.push(query);
          return found;
        },
        audit: async () => ok({ type: 'audit', lines: [], more: false }),
        charts: async () => ok({ type: 'charts', bucketSeconds: 60, buckets: [], steps: [] }),
        close: async () => undefined,
      },
    }),
    clock,
    lookAs: lookAs ? async (viewer) => ({ officer: 'E1001', role: viewer, authority: null, pinSetAt: AT }) : null,
    send: (update) => sent.push(update),
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-console-'));
  store = unwrap(openSqliteAccountStore(join(folder, 'officers.sqlite')));
  nowMs = Date.parse(AT);
  [timers, sent, acted, searched] = [[], [], [], []];
  const pinHash = (await hasher.hash(PIN)).value;
  const as = { pinHash, pinIsFirst: false, closed: false, addedAt: AT, pinSetAt: AT };
  for (const [number, [role, authority]] of Object.entries(ACCOUNTS))
    unwrap(await store.add({ number, role, authority, ...as }));
  desk = makeDesk();
});
afterEach(async () => {
  desk.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const view = (viewer: Viewer) =>
  ({ viewer, laneId: LANE, alarms: [], referrals: [], doors: [], today: {}, sequence: 0 }) as unknown as SupervisorView;
const codeOf = async (request: ConsoleRequest) => {
  const reply = await desk.handle(request);
  return reply.ok ? 'done' : reply.error.code;
};
const signIn = (officer: keyof typeof ACCOUNTS) => codeOf({ type: 'signIn', officer, pin: PIN, newPin: null });
const lastSession = () => sent.flatMap((it) => (it.type === 'session' ? [it.session] : [])).at(-1);
const shownViewers = () => sent.flatMap((it) => (it.type === 'lane' ? [it.view.viewer] : []));
const act = (action: Extract<ConsoleRequest, { type: 'act' }>['action'], laneId = LANE): ConsoleRequest => ({
  type: 'act',
  laneId,
  action,
});
const resolve = act({ type: 'resolveReferral', recordId: RECORD, action: 'sentBack', reasonCode: 'notEligible' });
const search: ConsoleRequest = {
  type: 'search',
  query: {
    from: AT,
    to: '2026-05-09T00:00:00.000Z',
    document: { issuingState: 'UTO', number: 'L898902C3' },
    laneId: null,
    states: [],
    before: null,
  },
};

describe('without a session', () => {
  test('nothing is shown and nothing is done, whatever is asked', async () => {
    for (const viewer of ['exitOfficer', 'entryOfficer', 'portSupervisor'] as const) desk.view(view(viewer));
    expect(await codeOf({ type: 'hello' })).toBe('done');
    for (const request of [resolve, search, { type: 'focus', laneId: LANE } as const])
      expect(await codeOf(request)).toBe('signInNeeded');
    expect(await codeOf({ type: 'authenticate', pin: PIN })).toBe('sessionEnded');
    expect(await codeOf({ type: 'lookAs', viewer: 'exitOfficer' })).toBe('notAllowed');
    expect(sent.map(({ type }) => type)).toEqual(['session']);
    expect(acted).toEqual([]);
  });
});

describe('with a session', () => {
  test('each role sees as itself, and only that', async () => {
    for (const viewer of ['exitOfficer', 'entryOfficer', 'portSupervisor'] as const) desk.view(view(viewer));
    const expected = { E1001: 'exitOfficer', N2001: 'entryOfficer', T4001: 'portSupervisor', A5001: 'portSupervisor' };
    for (const [officer, viewer] of Object.entries(expected)) {
      sent = [];
      expect(await signIn(officer as keyof typeof ACCOUNTS)).toBe('done');
      for (const other of ['exitOfficer', 'entryOfficer', 'portSupervisor'] as const) desk.view(view(other));
      expect([...new Set(shownViewers())], officer).toEqual([viewer]);
    }
  });

  test('on a lane that leads the other way everybody is their own authority’s officer still', async () => {
    desk.close();
    desk = makeDesk(false, BACK);
    const expected = { E1001: 'entryOfficer', N2001: 'exitOfficer', H2002: 'portSupervisor', B2003: 'portSupervisor' };
    for (const [officer, viewer] of Object.entries(expected)) {
      [sent, acted] = [[], []];
      expect(await signIn(officer as keyof typeof ACCOUNTS)).toBe('done');
      for (const other of ['exitOfficer', 'entryOfficer', 'portSupervisor'] as const) desk.view(view(other));
      await desk.handle({ type: 'focus', laneId: LANE });
      await desk.handle(resolve);
      expect([...new Set(shownViewers())], officer).toEqual([viewer]);
      // Not of this lane: the port's eyes, and nobody's deeds.
      const onlooker = viewer === 'portSupervisor' ? { onlooker: true } : {};
      expect(acted.map(({ by }) => by)).toEqual([{ viewer, officer, second: null, ...onlooker }]);
    }
  });

  test('an account that is bound to another authority is shown out, and comes back with its eyes', async () => {
    for (const viewer of ['exitOfficer', 'entryOfficer', 'portSupervisor'] as const) desk.view(view(viewer));
    await signIn('B2003');
    expect(lastSession()).toMatchObject({ role: 'exitOfficer', authority: null });
    unwrap(await store.setAuthority('B2003', 'MAC'));
    // Whoever only looks, too.
    expect(await codeOf({ type: 'active' })).toBe('sessionEnded');
    expect(lastSession()?.state).toBe('signedOut');
    sent = [];
    await signIn('B2003');
    expect(lastSession()).toMatchObject({ authority: 'MAC' });
    expect([...new Set(shownViewers())]).toEqual(['entryOfficer']);
  });

  test('a role does what is its own, and is refused the rest by the lane, not by the screen', async () => {
    const may = async (officer: keyof typeof ACCOUNTS) => {
      await signIn(officer);
      return [
        await codeOf(resolve),
        await codeOf(act({ type: 'setService', inService: false })),
        await codeOf(search),
        await codeOf({ type: 'audit', query: { ...search.query, events: [], severities: [], before: null } as never }),
      ];
    };
    expect(await may('E1001')).toEqual(['done', 'done', 'done', 'notAllowed']);
    expect(await may('T4001')).toEqual(['notAllowed', 'done', 'notAllowed', 'notAllowed']);
    expect(await may('A5001')).toEqual(['notAllowed', 'notAllowed', 'done', 'done']);
    expect(acted.map(({ by }) => by.viewer)).toEqual(['exitOfficer', 'exitOfficer', 'portSupervisor']);
    expect(await codeOf(act({ type: 'setService', inService: true }, 'OTHER'))).toBe('notAllowed');
  });

  test('the second officer goes with one action on one referral', async () => {
    await signIn('E1001');
    const second = (officer: string): ConsoleRequest => ({
      type: 'secondOfficer',
      officer,
      pin: PIN,
      recordId: RECORD,
    });
    expect(await codeOf(second('E1001'))).toBe('samePerson');
    expect(await codeOf(second('N2001'))).toBe('otherSide');
    expect(await codeOf(second('E1002'))).toBe('done');
    await desk.handle(resolve);
    await desk.handle(resolve);
    expect(acted.map(({ by }) => by.second)).toEqual(['E1002', null]);
  });

  test('a document that is searched for arrives as a keyed hash only', async () => {
    await signIn('E1001');
    await desk.handle(search);
    expect(JSON.stringify(searched)).not.toContain('L898902C3');
    expect(searched).toMatchObject([{ documentDigest: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });
});

describe('the idle lock', () => {
  test('comes by itself, shows nothing more, and is opened by the PIN', async () => {
    await signIn('E1001');
    desk.view(view('exitOfficer'));
    await pass(299_000);
    expect(lastSession()?.state).toBe('signedIn');
    await pass(1_001);
    expect(lastSession()).toMatchObject({ state: 'locked', officer: 'E1001' });
    sent = [];
    desk.view(view('exitOfficer'));
    expect(sent).toEqual([]);
    expect(await codeOf(resolve)).toBe('sessionLocked');
    expect(await codeOf({ type: 'unlock', pin: '000000' })).toBe('credentialsWrong');
    expect(await codeOf({ type: 'unlock', pin: PIN })).toBe('done');
    expect(sent.map(({ type }) => type)).toEqual(['session', 'cards', 'lane']);
  });

  test('does not come while somebody touches the console', async () => {
    await signIn('E1001');
    for (let minute = 0; minute < 30; minute += 1) {
      await pass(60_000);
      await desk.handle({ type: 'active' });
    }
    expect(lastSession()?.state).toBe('signedIn');
  });

  test('a closed account is shown out at its next wish', async () => {
    await signIn('E1001');
    unwrap(await store.setClosed('E1001', true, AT));
    expect(await codeOf(resolve)).toBe('sessionEnded');
    expect(lastSession()?.state).toBe('signedOut');
    expect(acted).toEqual([]);
  });
});

test('the demonstration’s switch works where the lane was started with it, and nowhere else', async () => {
  expect(await codeOf({ type: 'lookAs', viewer: 'exitOfficer' })).toBe('notAllowed');
  desk.close();
  desk = makeDesk(true);
  await desk.handle({ type: 'hello' });
  expect(lastSession()).toMatchObject({ state: 'signedIn', role: 'portSupervisor', mayLookAs: true });
});

describe('a release', () => {
  const release: ConsoleRequest = {
    type: 'act',
    laneId: LANE,
    action: { type: 'releaseReferral', recordId: RECORD, reasonCode: 'identityConfirmed' },
  };
  const proofs = () => acted.map(({ by }) => [by.fresh, by.second]);

  test('is passed on as freshly proved once for each proof, with the second officer of this very record', async () => {
    await desk.handle({ type: 'signIn', officer: 'E1001', pin: PIN, newPin: null });
    await desk.handle(release);
    await desk.handle({ type: 'authenticate', pin: '000000' });
    await desk.handle(release);
    await desk.handle({ type: 'authenticate', pin: PIN });
    await desk.handle({ type: 'secondOfficer', officer: 'E1002', pin: PIN, recordId: RECORD });
    await desk.handle(release);
    await desk.handle(release);
    expect(proofs()).toEqual([
      [undefined, null],
      [undefined, null],
      [true, 'E1002'],
      [undefined, null],
    ]);
  });

  test('a proof grows old, and a second officer of another side or for another record stands by nothing', async () => {
    await desk.handle({ type: 'signIn', officer: 'E1001', pin: PIN, newPin: null });
    await desk.handle({ type: 'secondOfficer', officer: 'N2001', pin: PIN, recordId: RECORD });
    await desk.handle({ type: 'secondOfficer', officer: 'E1002', pin: PIN, recordId: crypto.randomUUID() });
    await desk.handle({ type: 'authenticate', pin: PIN });
    await pass(91_000);
    await desk.handle(release);
    expect(proofs()).toEqual([[undefined, null]]);
  });

  test('a technician and an auditor do not get so far', async () => {
    for (const officer of ['A5001', 'T4001']) {
      await desk.handle({ type: 'signIn', officer, pin: PIN, newPin: null });
      expect(await desk.handle(release)).toMatchObject({ error: { code: 'notAllowed' } });
    }
    expect(acted).toEqual([]);
  });
});
