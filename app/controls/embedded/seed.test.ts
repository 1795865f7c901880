import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SideDocument } from '../../contract/control-protocol.ts';
import { unwrap } from '../../contract/result.ts';
import { openReasonReader } from '../reason.ts';
import { type ControlBench, openBench, specimenRequest, specimenSeed } from '../test-kit.ts';

const EXAMPLE = new URL('../rules/examples/entitlements.example.json', import.meta.url);

let bench: ControlBench;
beforeEach(async () => {
  bench = await openBench('exit');
});
afterEach(() => bench.dispose());

function reasonFor(document: Partial<SideDocument>) {
  const answer = unwrap(bench.control.handlePrepare(specimenRequest('exit', { document })));
  return unwrap(openReasonReader('exit', bench.sealingPem).open(answer));
}

test('the example loads, and its watchlist finds by document, by person and by a name that is alike', () => {
  const example: unknown = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
  expect(unwrap(bench.control.seed(example))).toEqual({ holders: 2, watchlistEntries: 3 });
  const passport = { kind: 'passport', issuingState: 'UTO' } as const;
  expect(reasonFor({ ...passport, number: 'STOLEN001' })).toMatchObject({ code: 'watchlistDocument', silent: true });
  const person = { ...passport, number: 'X1', name: 'SPECIMEN<<WANTED', birthDate: '1970-01-01' };
  expect(reasonFor(person).rule).toBe('watchlist.wl-0002');
  expect(reasonFor({ ...person, birthDate: '1970-01-02' }).code).toBe('notEnrolled');
  const alike = { ...passport, number: 'X2', name: 'SPEZIMEN<<NAMET<ALIKE', birthDate: '1981-06-01' };
  expect(reasonFor(alike)).toEqual({ code: 'watchlistName', rule: 'watchlist.wl-0003', silent: true });
  expect(reasonFor({ ...alike, birthDate: '1982-06-01' }).code).toBe('notEnrolled');
});

test('one holder, two documents: an entry used with one is used with the other', () => {
  const documents = ['C12345678', 'C87654321'].map((number) => ({
    kind: 'exitEntryPermit' as const,
    issuingState: 'CHN',
    number,
  }));
  unwrap(bench.control.seed(specimenSeed({ documents })));
  expect(reasonFor({ number: 'C12345678' }).code).toBe('eligible');
  expect(reasonFor({ number: 'C87654321' }).code).toBe('endorsementUsedUp');
});

test('loading again gives no used entry back, and an empty list watches for nobody', () => {
  const watched = specimenSeed({}, [
    { kind: 'document', id: 'w', issuingState: 'CHN', number: 'C12345678', word: 'refuse' },
  ]);
  unwrap(bench.control.seed(watched));
  expect(reasonFor({}).code).toBe('watchlistDocument');
  // Null leaves the list alone.
  unwrap(bench.control.seed(specimenSeed()));
  expect(reasonFor({}).code).toBe('watchlistDocument');
  unwrap(bench.control.seed(specimenSeed({}, [])));
  expect(reasonFor({}).code).toBe('eligible');
  unwrap(bench.control.seed(specimenSeed({}, [])));
  bench.clock.advance(1);
  expect(reasonFor({}).code).toBe('endorsementUsedUp');
});

test('a seed with one fault changes nothing and quotes nothing', () => {
  const broken = { ...specimenSeed({ id: 'holder-2', documents: [] }), watchlist: [] };
  const refused = bench.control.seed(broken);
  expect(refused).toEqual({ ok: false, error: { code: 'seedInvalid', problems: ['holders.0.documents: too_small'] } });
  expect(reasonFor({}).code).toBe('eligible');
});

test('movements told from elsewhere count, older ones than what is known do not', () => {
  const at = (ms: number): string => new Date(bench.clock.nowMs() + ms).toISOString();
  const movement = { issuingState: 'CHN', number: 'C12345678', permittedUntil: null };
  expect(unwrap(bench.control.recordMovement({ ...movement, place: 'outside', at: at(-1_000) }))).toBe(true);
  expect(reasonFor({}).code).toBe('alreadyLeft');
  expect(unwrap(bench.control.recordMovement({ ...movement, place: 'inside', at: at(-2_000) }))).toBe(false);
  expect(reasonFor({}).code).toBe('alreadyLeft');
  expect(unwrap(bench.control.recordMovement({ ...movement, place: 'inside', at: at(-500) }))).toBe(true);
  expect(reasonFor({}).code).toBe('eligible');
});
