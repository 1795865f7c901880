import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SIDES } from '../../contract/crossing.ts';
import { unwrap } from '../../contract/result.ts';
import { openReasonReader } from '../reason.ts';
import { type ControlBench, openBench, specimenNotice, specimenRequest, specimenSeed } from '../test-kit.ts';
import { openDatabase } from './database.ts';
import { openEmbeddedControl } from './embedded-control.ts';

let bench: ControlBench;
beforeEach(async () => {
  bench = await openBench('exit');
});
afterEach(() => bench.dispose());

const MULTI = { id: 'multi', entries: null, stayDays: 7, validFrom: '2026-01-01', validUntil: '2026-12-31' };
const movedTo = (place: 'inside' | 'outside') => ({
  issuingState: 'CHN',
  number: 'C12345678',
  place,
  at: new Date(bench.clock.nowMs()).toISOString(),
  permittedUntil: null,
});
const ask = (recordId?: string) =>
  unwrap(
    bench.control.handlePrepare(
      specimenRequest('exit', { atMs: bench.clock.nowMs(), ...(recordId ? { recordId } : {}) }),
    ),
  );
const tell = (step: 'commit' | 'void' | 'receipt', recordId: string) =>
  bench.control.handleNotice(specimenNotice('exit', step, recordId, bench.clock.nowMs()), `${recordId} ${step}`);
const reasonOf = (answer: ReturnType<typeof ask>) =>
  unwrap(openReasonReader('exit', bench.sealingPem).open(answer)).code;

describe('a single entry', () => {
  test('is used up by a commit, once, however often it is told', () => {
    const first = ask();
    expect(first.body.word).toBe('clear');
    for (const _ of [1, 2, 3]) expect(tell('commit', first.body.recordId).ok).toBe(true);
    unwrap(tell('receipt', first.body.recordId));
    unwrap(bench.control.recordMovement(movedTo('inside')));
    const second = ask();
    expect(second.body.word).toBe('refuse');
    expect(reasonOf(second)).toBe('endorsementUsedUp');
  });

  test('is given back by a void, once', () => {
    const first = ask();
    unwrap(tell('commit', first.body.recordId));
    unwrap(tell('void', first.body.recordId));
    unwrap(tell('void', first.body.recordId));
    // A commit that arrives after its void is old news.
    unwrap(tell('commit', first.body.recordId));
    expect(ask().body.word).toBe('clear');
    expect(bench.alarms).toEqual([]);
  });

  test('is held by a clearance under way, and free again when nobody ended it', () => {
    ask();
    const second = ask();
    expect(second.body.word).toBe('refuse');
    bench.clock.advance(60_000 + 60_000 + 1);
    expect(ask().body.word).toBe('clear');
  });
});

test('a commit after the clearance lapsed counts, and is an alarm', () => {
  const first = ask();
  bench.clock.advance(120_001);
  const second = ask();
  expect(second.body.word).toBe('clear');
  unwrap(tell('void', second.body.recordId));
  unwrap(tell('commit', first.body.recordId));
  expect(bench.alarms).toEqual(['clearLapsed', 'commitAfterLapse']);
  expect(reasonOf(ask())).toBe('endorsementUsedUp');
});

test('everything survives a restart', async () => {
  const first = ask();
  unwrap(tell('commit', first.body.recordId));
  await bench.restart();
  const again = bench.control.handlePrepare({ ...specimenRequest('exit', { recordId: first.body.recordId }) });
  expect(unwrap(again)).toEqual(first);
  expect(unwrap(bench.control.stateOf(first.body.recordId))).toBe('committed');
  expect(reasonOf(ask())).toBe('endorsementUsedUp');
});

test('nobody leaves twice without having entered, and a void restores where they were', async () => {
  unwrap(bench.control.seed(specimenSeed({ endorsements: [MULTI] })));
  const first = ask();
  unwrap(tell('commit', first.body.recordId));
  bench.clock.advance(1_000);
  expect(reasonOf(ask())).toBe('alreadyLeft');
  unwrap(tell('void', first.body.recordId));
  expect(ask().body.word).toBe('clear');
});

test('a receipt does not move the holder again: what was heard since the commit stands', () => {
  unwrap(bench.control.seed(specimenSeed({ endorsements: [MULTI] })));
  const { body } = ask();
  unwrap(tell('commit', body.recordId));
  bench.clock.advance(1_000);
  unwrap(bench.control.recordMovement(movedTo('inside')));
  bench.clock.advance(1_000);
  unwrap(tell('receipt', body.recordId));
  expect(ask().body.word).toBe('clear');
});

test('writes are durable before they are answered: WAL with synchronous=FULL, erased pages overwritten', () => {
  const database = unwrap(openDatabase(join(bench.dataDir, 'other'), 'exit'));
  const pragma = (name: string) => database.pragma(name, { simple: true });
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('secure_delete')]).toEqual(['wal', 2, 1]);
  database.close();
});

test('the same record with other evidence is a conflict and an alarm, and the first answer stands', () => {
  const request = specimenRequest('exit');
  const first = unwrap(bench.control.handlePrepare(request));
  const { face } = request.evidence;
  const other = { ...request, evidence: { ...request.evidence, face: { ...face, similarity: 0.99 } } };
  expect(bench.control.handlePrepare(other)).toEqual({ ok: false, error: { code: 'evidenceChanged' } });
  const otherDocument = { ...request, document: { ...request.document, number: 'C99999999' } };
  expect(bench.control.handlePrepare(otherDocument)).toEqual({ ok: false, error: { code: 'evidenceChanged' } });
  expect(unwrap(bench.control.handlePrepare(request))).toEqual(first);
  expect(bench.alarms).toEqual(['evidenceChanged']);
});

test('a record voided before it was asked is not cleared afterwards', () => {
  const request = specimenRequest('exit');
  unwrap(tell('void', request.evidence.recordId));
  expect(bench.control.handlePrepare(request)).toEqual({ ok: false, error: { code: 'recordVoided' } });
});

test('a commit of a record this side never cleared is an alarm, not a fact', () => {
  const refused = unwrap(
    bench.control.handlePrepare(specimenRequest('exit', { document: { expiryDate: '2020-01-01' } })),
  );
  expect(refused.body.word).toBe('refuse');
  unwrap(tell('commit', refused.body.recordId));
  expect(unwrap(bench.control.stateOf(refused.body.recordId))).toBe('prepared');
  unwrap(tell('commit', specimenRequest('exit').evidence.recordId));
  expect(bench.alarms).toEqual(['commitWithoutClear', 'commitForUnknownRecord']);
});

test('a notice told again with another content is refused and is an alarm', () => {
  const { body } = ask();
  unwrap(tell('commit', body.recordId));
  const changed = { ...specimenNotice('exit', 'commit', body.recordId), detail: { other: true } };
  expect(bench.control.handleNotice(changed, `${body.recordId} commit`)).toEqual({
    ok: false,
    error: { code: 'noticeChanged' },
  });
  expect(bench.alarms).toEqual(['noticeChanged']);
});

test.each([
  ['nothing', undefined, 'requestMalformed'],
  ['another version', { ...specimenRequest('exit'), version: 2 }, 'requestMalformed'],
  ['an unknown field', { ...specimenRequest('exit'), extra: 1 }, 'requestMalformed'],
  ['the other side’s request', specimenRequest('entry'), 'wrongSide'],
  ['a deadline that has passed', specimenRequest('exit', { atMs: 0 }), 'deadlinePassed'],
  ['something huge', { ...specimenRequest('exit'), filler: 'x'.repeat(300_000) }, 'requestTooLarge'],
])('%s is turned down and leaves no trace', (_name, input, code) => {
  expect(bench.control.handlePrepare(input)).toMatchObject({ ok: false, error: { code } });
});

test('faults of a request never quote its values', () => {
  const request = specimenRequest('exit', { document: { number: 'secret number' } });
  expect(JSON.stringify(bench.control.handlePrepare(request))).not.toContain('secret');
});

test('a file that cannot be written clears nobody and tells the lane why', async () => {
  const { signal } = new AbortController();
  const intruder = new Database(join(bench.dataDir, 'control-exit.sqlite'));
  intruder.exec('BEGIN IMMEDIATE');
  expect(await bench.control.prepare(specimenRequest('exit'), signal)).toEqual({
    ok: false,
    error: { code: 'controlUnreachable', side: 'exit', detail: 'storeFailed SQLITE_BUSY' },
  });
  intruder.exec('ROLLBACK');
  intruder.close();
  expect(ask().body.word).toBe('clear');
  await bench.control.close();
  expect(bench.control.handlePrepare(specimenRequest('exit'))).toMatchObject({ error: { code: 'storeFailed' } });
});

test.each([
  ['garbage', (path: string) => writeFileSync(path, 'no database '.repeat(500)), { code: 'storeFailed' }],
  ['a file of a later version', (path: string) => edit(path, 'PRAGMA user_version = 99'), { code: 'storeTooNew' }],
  [
    'the other side’s file',
    (path: string) => edit(path, "UPDATE owner SET side = 'entry'"),
    { code: 'storeOfOtherSide' },
  ],
])('%s is refused in words and left as it is', async (_name, spoil, error) => {
  await bench.control.close();
  const path = join(bench.dataDir, 'control-exit.sqlite');
  spoil(path);
  const before = readFileSync(path);
  expect(await openEmbeddedControl(bench.options)).toMatchObject({ ok: false, error });
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('no number, name, date of birth or reason is in the files in clear (G5, G6)', () => {
  unwrap(bench.control.seed(specimenSeed({}, [{ kind: 'name', id: 'w1', name: 'Wanted Person', birthYear: 1970 }])));
  const { body } = ask();
  unwrap(tell('commit', body.recordId));
  for (const name of readdirSync(bench.dataDir)) {
    const text = readFileSync(join(bench.dataDir, name), 'latin1').toUpperCase();
    for (const secret of ['C12345678', 'SPECIMEN', 'WAN<NGAI', 'WANTED', '1988-05-17', 'HOLDER-1', 'ELIGIBLE']) {
      expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
    }
  }
});

test('one file a side: the other side’s control refuses it', async () => {
  const opened = await openEmbeddedControl({ ...bench.options, side: 'entry' });
  expect(opened).toMatchObject({ ok: false, error: { code: 'rulesOfOtherSide' } });
});

test('ended crossings are erased, those under way stay', () => {
  const ended = ask();
  unwrap(tell('void', ended.body.recordId));
  const open = ask();
  expect(unwrap(bench.control.erase(bench.clock.nowMs() + 1))).toBe(1);
  expect(unwrap(bench.control.stateOf(ended.body.recordId))).toBeNull();
  expect(unwrap(bench.control.stateOf(open.body.recordId))).toBe('prepared');
});

test.each(SIDES)('the lane’s port never throws (%s)', async (side) => {
  const { signal } = new AbortController();
  const other = await openBench(side);
  try {
    const answer = await other.control.prepare(specimenRequest(side), signal);
    expect(answer.ok).toBe(true);
    const late = await other.control.prepare(specimenRequest(side), AbortSignal.abort());
    expect(late).toEqual({ ok: false, error: { code: 'controlTimeout', side, timeoutMs: 0 } });
    expect(unwrap(await other.control.keys())).toHaveLength(1);
  } finally {
    await other.dispose();
  }
});

function edit(path: string, sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

test('whether a holder is under way is found by holder, however many others are', () => {
  const opened = unwrap(openDatabase(bench.dataDir, 'exit'));
  const plan = opened
    .prepare<[], { detail: string }>(
      `EXPLAIN QUERY PLAN SELECT 1 FROM crossings WHERE held = 1 AND state = 'prepared' AND holder = 'h' AND record_id <> 'r' LIMIT 1`,
    )
    .all();
  opened.close();
  expect(plan.map(({ detail }) => detail).join()).toContain('crossings_under_way (holder=?)');
});
