import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ControlAnswer } from '../../app/contract/control-protocol.ts';
import { SIDES } from '../../app/contract/crossing.ts';
import { err, ok, unwrap } from '../../app/contract/result.ts';
import type { ConsoleReply, ConsoleUpdate } from '../../app/contract/supervisor-console.ts';
import type { SupervisorAction } from '../../app/contract/supervisor-view.ts';
import { openReasonReader } from '../../app/controls/reason.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import { OfficerConsole } from '../../app/lane/officer-console.ts';
import { ConsoleQueries } from '../../app/lane/officer-queries.ts';
import type { OfficerAccountStore } from '../../app/officers/account-store.ts';
import { Officers } from '../../app/officers/officers.ts';
import { openSqliteAccountStore } from '../../app/officers/store/sqlite-account-store.ts';
import { startDevPostgres } from '../../app/record/postgres/dev-server.ts';
import { openPgRecordStore } from '../../app/record/postgres/pg-store.ts';
import { exportRecordFile } from '../../app/record/verify/export-file.ts';
import { askControls, type MiniLane, numberOf, openMiniLane } from './mini-lane.ts';
import { type OfficersLane, openOfficersLane, REASON_OF } from './officers-lane.ts';
import { secretsLeft } from './secrets.ts';

// G5: a control's reasons are readable by its own side's officers only. Beside this: `app/record/sqlite/g5-g6-secrets.test.ts`,
// `app/controls/reason.test.ts`, the screens' own tests, and at a port whose lanes lead both ways `test/hub/two-directions.test.ts`. Here every byte that a lane, its controls and a port's PostgreSQL have
// written is searched.

const REASONS = [
  'watchlistDocument',
  'watchlistName',
  'endorsementMissing',
  'endorsementUsedUp',
  'watchlist.w-',
  'SPECIMEN<<WAN',
];
const WHO = [
  ['CHN', 'CHN'],
  ['MAC', 'MAC'],
  ['HKG', 'HKG'],
] as const;
const folder = mkdtempSync(join(tmpdir(), 'jointgate-g5-'));
/** Its own: PostgreSQL runs as nobody and must be let through. */
const pgFolder = mkdtempSync(join(tmpdir(), 'jointgate-guarantee-pg-'));
afterAll(() => {
  for (const path of [folder, pgFolder]) rmSync(path, { recursive: true, force: true });
});

let lane: MiniLane;
const said: ControlAnswer[] = [];

/** The exit side watches for one holder; the entry side has no entry left for another. */
async function decideAgainst(store = lane.record.store): Promise<void> {
  const watched = { kind: 'document', id: 'w-1', issuingState: 'CHN', number: numberOf(0), word: 'refuse' } as const;
  const { exit } = lane.sides;
  unwrap(exit.control.seed({ schema: 'jointgate-entitlements/1', holders: [], watchlist: [watched] }));
  for (const holder of [0, 1]) {
    const { recordId, answers } = await askControls(lane, { holder, store });
    for (const side of SIDES) if (answers[side].ok) said.push(answers[side].value);
    unwrap(await store.end(recordId, { type: 'referred', owner: 'exit', code: 'exitControlReferred', checks: [] }));
    unwrap(await store.end(recordId, { type: 'resolved', action: 'sentBack', officer: 'X1', reasonCode: 'done' }));
  }
}

beforeAll(async () => {
  lane = await openMiniLane();
  await decideAgainst();
  await lane.tellAll();
});
afterAll(() => lane.dispose());

test('each side opens its own reasons and none of the other’s', () => {
  const readers = {
    exit: openReasonReader('exit', lane.sides.exit.sealingPem),
    entry: openReasonReader('entry', lane.sides.entry.sealingPem),
  };
  const refusal = said.find(({ body }) => body.side === 'exit' && body.word === 'refuse');
  expect(readers.exit.open(refusal as ControlAnswer)).toMatchObject({ value: { code: 'watchlistDocument' } });
  for (const answer of said) {
    const { side } = answer.body;
    expect(readers[side].open(answer).ok).toBe(true);
    const other = side === 'exit' ? 'entry' : 'exit';
    expect(readers[other].open(answer)).toEqual({ ok: false, error: { code: 'notOurs' } });
    // Not even when the answer is dressed up as one's own.
    const dressed = { ...answer, body: { ...answer.body, side: other } } as ControlAnswer;
    expect(readers[other].open(dressed).ok).toBe(false);
  }
});

test('no reason is in any byte of the record, its log, the controls’ files, exports or notices', async () => {
  for (const path of [join(lane.record.path, '..'), lane.sides.exit.dataDir, lane.sides.entry.dataDir]) {
    expect(await secretsLeft(path, REASONS)).toEqual([]);
  }
  const boxes = said.map(({ body }) => ({ side: body.side, box: body.reason?.box ?? '' }));
  for (const side of SIDES) {
    const exported = JSON.stringify([...exportRecordFile(lane.record.path, side, '2026-01-01', '2027-01-01')]);
    const notices = JSON.stringify(unwrap(await lane.record.store.outbox(side, 1_000)));
    for (const secret of REASONS) expect(exported + notices).not.toContain(secret);
    for (const { side: owner, box } of boxes) {
      expect(exported.includes(box), `${owner}’s reason in ${side}’s export`).toBe(owner === side);
      expect(notices).not.toContain(box);
    }
  }
});

test('every answer’s reason is of one length, whatever it says', () => {
  expect(new Set(said.map(({ body }) => body.reason?.box.length)).size).toBe(1);
});

/** argon2id has a test of its own. */
const hasher = {
  hash: async (pin: string) => ok(`$argon2id$fake$${pin}`),
  verify: async (pin: string, hash: string) => ok(hash === `$argon2id$fake$${pin}`),
};

describe.each([
  ['a lane', { from: 'CHN', to: 'MAC' }],
  ['the same lane when it leads the other way', { from: 'MAC', to: 'CHN' }],
])('at the console of %s', (_name, direction) => {
  let desk: OfficersLane;
  let officerConsole: OfficerConsole;
  let sent: ConsoleUpdate[];
  let store: OfficerAccountStore;

  beforeAll(async () => {
    desk = await openOfficersLane('L1', direction);
    store = unwrap(openSqliteAccountStore(join(folder, direction.from, 'officers.sqlite')));
    const pinHash = unwrap(await hasher.hash('481516'));
    const as = { pinHash, pinIsFirst: false, closed: false, addedAt: '', pinSetAt: '' };
    for (const role of ['exitOfficer', 'entryOfficer'] as const)
      for (const [number, authority] of [...WHO, ['OLD', null]] as const)
        unwrap(await store.add({ number: `${number}${role === 'exitOfficer' ? 1 : 2}`, role, authority, ...as }));
    const none = async () => err({ code: 'none' });
    const search = { records: none, audit: none, charts: none, close: async () => undefined };
    const clock = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };
    officerConsole = new OfficerConsole({
      laneId: 'L1',
      direction,
      officers: new Officers({ store, hasher, clock, note: () => undefined }),
      actions: desk.officers,
      queries: new ConsoleQueries({ search, portKey: new Uint8Array(32), note: () => undefined }),
      clock,
      lookAs: null,
      send: (update) => void sent.push(update),
    });
  });
  beforeEach(() => {
    sent = [];
  });
  afterAll(async () => {
    officerConsole.close();
    await store.close();
    await desk.dispose();
  });

  /** Everything the console of this officer is sent, and what each of two owners' referrals let them do. */
  async function sitDown(officer: string) {
    const codeOf = (reply: ConsoleReply) => (reply.ok ? reply.value.type : reply.error.code);
    expect(codeOf(await officerConsole.handle({ type: 'signIn', officer, pin: '481516', newPin: null }))).toBe('done');
    desk.follow((view) => officerConsole.view(view));
    const deeds = async (recordId = '') => {
      const act = async (action: SupervisorAction) =>
        codeOf(await officerConsole.handle({ type: 'act', laneId: 'L1', action }));
      desk.stand(recordId);
      return [
        await act({ type: 'addNote', recordId, text: 'seen' }),
        codeOf(await officerConsole.handle({ type: 'pictures', laneId: 'L1', recordId })),
        await act({ type: 'releaseReferral', recordId, reasonCode: 'documentInspected' }),
      ];
    };
    const { CHN, MAC } = desk.referralOf;
    return { deeds: { CHN: await deeds(CHN), MAC: await deeds(MAC) }, told: JSON.stringify(sent) };
  }

  const OWN = ['done', 'pictures', 'freshAuthenticationNeeded'];

  // Whatever side a role is named after: which one is theirs, the authority says.
  test.each([
    ['CHN1', { CHN: OWN, MAC: Array(3).fill('notYours') }],
    ['CHN2', { CHN: OWN, MAC: Array(3).fill('notYours') }],
    ['MAC1', { CHN: Array(3).fill('notYours'), MAC: OWN }],
    ['MAC2', { CHN: Array(3).fill('notYours'), MAC: OWN }],
  ])('%s reads and decides what is their own authority’s', async (officer, deeds) => {
    const found = await sitDown(officer);
    for (const [authority, reason] of Object.entries(REASON_OF))
      expect(found.told.includes(reason), reason).toBe(officer.startsWith(authority));
    expect(found.told).toContain('"silent":true');
    expect(found.deeds).toEqual(deeds);
  });

  test.each(['OLD1', 'OLD2', 'HKG1', 'HKG2'])(
    '%s, of neither authority, reads no reason and decides nothing',
    async (officer) => {
      const { told, deeds } = await sitDown(officer);
      for (const reason of [...Object.values(REASON_OF), '"silent":true']) expect(told).not.toContain(reason);
      const nothing = ['notOfThisLane', 'notYours', 'notOfThisLane'];
      expect(deeds).toEqual({ CHN: nothing, MAC: nothing });
    },
  );

  test('a note and a reason lie sealed in the lane’s files', async () => {
    const files = join(desk.mini.record.path, '..');
    expect(await secretsLeft(files, [...Object.values(REASON_OF), 'watchlist.w-'])).toEqual([]);
  });
});

const started = await startDevPostgres(pgFolder);
if (!started.ok) process.stderr.write(`g5: ${started.error.detail}; a port is not searched here\n`);

describe.skipIf(!started.ok)('a port’s PostgreSQL', () => {
  test('no reason and nobody is in any table, write-ahead log, page or log of the whole server', async () => {
    const server = unwrap(started);
    const store = unwrap(
      await openPgRecordStore({
        connection: server.connection,
        signingKeyPem: createSigningKey().pem,
        controlKeys: lane.keys,
        clock: () => new Date(lane.clock.nowMs()),
      }),
    );
    await decideAgainst(store as never);
    const pool = new Pool(server.connection);
    await pool.query('CHECKPOINT');
    // The search finds what is there.
    expect((await secretsLeft(pgFolder, [said.at(-1)?.body.recordId ?? '']))[0]).toBeDefined();
    expect(await secretsLeft(pgFolder, [...REASONS, ...[0, 1].map(numberOf)])).toEqual([]);
    await pool.end();
    await store.close();
    await server.stop('fast');
  });
});
