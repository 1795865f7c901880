import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { FOUND_MAX } from '../../contract/supervisor-console.ts';
import { LANE_ID, traveller, walkThrough, walkToAsked } from '../crossing.fixture.ts';
import { type SqliteBench, sqliteBench } from '../sqlite/sqlite.fixture.ts';
import { bucketSecondsOf } from './charts.ts';
import { SqliteSearch } from './sqlite-search.ts';

const PERIOD = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', laneId: null };
const who = traveller('ann');
let bench: SqliteBench;
let search: SqliteSearch;

beforeAll(async () => {
  bench = await sqliteBench();
  search = new SqliteSearch(bench.path, LANE_ID);
  await walkThrough(bench, who);
  bench.clock.advance(3_600_000);
  const { record } = await walkToAsked(bench, traveller('ben'));
  bench.clock.advance(5_000);
  unwrap(
    await bench.store.end(record.recordId, { type: 'referred', owner: 'exit', code: 'faceNotMatched', checks: [] }),
  );
  bench.clock.advance(30_000);
  unwrap(
    await bench.store.end(record.recordId, {
      type: 'resolved',
      action: 'sentBack',
      officer: 'E1001',
      reasonCode: 'notEligible',
    }),
  );
  unwrap(
    await bench.store.audit({ event: 'officerSignedIn', recordId: null, owner: 'port', facts: { officer: 'E1001' } }),
  );
});
afterAll(async () => {
  await search.close();
  await bench.dispose();
});

const records = async (change: object = {}) =>
  unwrap(await search.records({ ...PERIOD, documentDigest: null, states: [], before: null, ...change }));
const audit = async (change: object = {}) =>
  unwrap(await search.audit({ ...PERIOD, events: [], severities: [], before: null, ...change }));

describe('records', () => {
  test('are found newest first, by outcome, time, lane and document', async () => {
    const all = await records();
    expect(all.records.map(({ state }) => state)).toEqual(['resolved', 'passed']);
    expect(all.records[0]).toMatchObject({ referral: { owner: 'exit', code: 'faceNotMatched' }, endCode: 'sentBack' });
    expect((await records({ states: ['passed'] })).records).toHaveLength(1);
    expect((await records({ laneId: 'other' })).records).toEqual([]);
    expect((await records({ before: all.records[0]?.openedAt })).records.map(({ state }) => state)).toEqual(['passed']);
    expect((await records({ to: '2026-03-01T08:30:00.000Z' })).records).toHaveLength(1);
    for (const digest of [who.exitDocument, who.entryDocument])
      expect((await records({ documentDigest: digest })).records.map(({ state }) => state)).toEqual(['passed']);
    expect((await records({ documentDigest: 'f'.repeat(64) })).records).toEqual([]);
  });

  test('show no digest of a document or profile', async () => {
    const text = JSON.stringify([await records(), await audit()]);
    for (const digest of [who.exitDocument, who.entryDocument, who.profile]) expect(text).not.toContain(digest);
  });
});

describe('the audit log', () => {
  test('has audit lines and the records’ own events, newest first', async () => {
    const { lines, more } = await audit();
    expect(more).toBe(false);
    expect(lines[0]).toMatchObject({ event: 'officerSignedIn', facts: { officer: 'E1001' }, laneId: LANE_ID });
    expect(lines[1]).toMatchObject({
      event: 'referralResolved',
      facts: { action: 'sentBack', officer: 'E1001', reasonCode: 'notEligible' },
    });
    const answered = lines.filter(({ event }) => event === 'controlAnswered');
    expect(answered.map(({ facts }) => facts)).toEqual([
      { side: 'entry', word: 'clear' },
      { side: 'exit', word: 'clear' },
    ]);
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map(({ sequence }) => sequence).sort((a, b) => b - a));
  });

  test('is filtered by event and severity, and read page by page', async () => {
    expect((await audit({ events: ['travellerPassed'] })).lines.map(({ event }) => event)).toEqual(['travellerPassed']);
    const warnings = await audit({ severities: ['warning'] });
    expect(warnings.lines.map(({ event }) => event)).toEqual(['crossingReferred']);
    for (let n = 0; n < FOUND_MAX; n += 1)
      unwrap(await bench.store.audit({ event: 'auditLogRead', recordId: null, owner: 'port', facts: { n } }));
    const first = await audit();
    expect([first.lines.length, first.more]).toEqual([FOUND_MAX, true]);
    const second = await audit({ before: first.lines.at(-1)?.sequence });
    expect(second.lines[0]?.event).toBe('officerSignedIn');
  });
});

test('charts count each end once, where it happened, with waiting and steps', async () => {
  const charts = unwrap(await search.charts(PERIOD));
  expect(charts.bucketSeconds).toBe(900);
  const total = (key: 'passed' | 'referred' | 'refused') => charts.buckets.reduce((sum, it) => sum + it[key], 0);
  expect([total('passed'), total('referred'), total('refused')]).toEqual([1, 1, 0]);
  const waited = charts.buckets.find(({ waitMedianMs }) => waitMedianMs !== null);
  expect(waited).toMatchObject({ at: '2026-03-01T09:00:00.000Z', waitMedianMs: 30_000, waitP95Ms: 30_000 });
  expect(charts.steps.map(({ step }) => step)).toEqual(['document', 'face', 'controls', 'commit', 'passage']);
  expect(charts.steps.every(({ medianMs }) => medianMs === 0)).toBe(true);
});

test('a period of any length has few buckets', () => {
  for (const days of [0.01, 1, 7, 31, 366, 3_660]) {
    const seconds = days * 86_400;
    expect(seconds / bucketSecondsOf(0, seconds * 1000)).toBeLessThanOrEqual(96);
  }
});

test('a file that is not there is a failure, and the next search is served again', async () => {
  const lost = new SqliteSearch('/nowhere/record.sqlite', LANE_ID);
  expect(await lost.charts(PERIOD)).toMatchObject({ ok: false, error: { code: 'storeFailed' } });
  expect(await lost.charts(PERIOD)).toMatchObject({ ok: false });
  await lost.close();
});
