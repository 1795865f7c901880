import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlAnswer } from '../../app/contract/control-protocol.ts';
import { SIDES } from '../../app/contract/crossing.ts';
import { unwrap } from '../../app/contract/result.ts';
import { openReasonReader } from '../../app/controls/reason.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import { startDevPostgres } from '../../app/record/postgres/dev-server.ts';
import { openPgRecordStore } from '../../app/record/postgres/pg-store.ts';
import { exportRecordFile } from '../../app/record/verify/export-file.ts';
import { askControls, type MiniLane, numberOf, openMiniLane } from './mini-lane.ts';
import { secretsLeft } from './secrets.ts';

// G5: a control's reasons are readable by its own side's officers only. Beside this: `app/record/sqlite/g5-g6-secrets.test.ts`,
// `app/controls/reason.test.ts`, and the screens' own tests. Here every byte that a lane, its controls and a port's PostgreSQL have
// written is searched.

const REASONS = [
  'watchlistDocument',
  'watchlistName',
  'endorsementMissing',
  'endorsementUsedUp',
  'watchlist.w-',
  'SPECIMEN<<WAN',
];
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
