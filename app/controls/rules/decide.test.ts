import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckId } from '../../contract/crossing.ts';
import { fieldRules, NOW_MS, specimenDocument, specimenRequest, TODAY } from '../test-kit.ts';
import { decide } from './decide.ts';
import { ENDORSEMENT, specimenFacts } from './facts.fixture.ts';
import type { Facts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

const HOUR_MS = 3_600_000;

const evidence = (change: Partial<Facts['evidence']>): Partial<Facts> => ({
  evidence: { ...specimenRequest('exit').evidence, ...change },
});
const withCheck = (id: CheckId, outcome: 'failed' | 'notDone' | 'notSupported'): Partial<Facts> => {
  const { checks } = specimenRequest('exit').evidence;
  return evidence({ checks: checks.map((check) => (check.id === id ? { ...check, outcome } : check)) });
};
const withFace = (change: Partial<Facts['evidence']['face']>): Partial<Facts> =>
  evidence({ face: { ...specimenRequest('exit').evidence.face, ...change } });
/** A face the attack model was unsure of, with a word of the lane for each entry of that check. */
const moved = (liveness: number, reasons: readonly (string | null)[]): Partial<Facts> => {
  const { checks, face } = specimenRequest('exit').evidence;
  const others = checks.filter(({ id }) => id !== 'presentationAttack');
  const said = reasons.map((reason) => ({ id: 'presentationAttack', outcome: 'passed', reason }) as const);
  return evidence({ checks: [...others, ...said], face: { ...face, liveness } });
};
const ofBirth = (birthDate: string): Partial<Facts> => ({ document: specimenDocument({ birthDate }) });
const presence = (place: 'inside' | 'outside', change = {}): Partial<Facts> => ({
  presence: { place, sinceMs: NOW_MS - HOUR_MS, permittedUntil: null, ...change },
});
const hit = (strength: 'document' | 'person' | 'name', word: 'refer' | 'refuse' = 'refer') => ({
  entryId: `w-${strength}`,
  strength,
  word,
});

test('nobody speaks against the specimen traveller, and what is used is named', () => {
  expect(decide(fieldRules('exit'), specimenFacts())).toEqual({
    word: 'clear',
    code: 'eligible',
    rule: 'default',
    ruleVersion: 'chn-exit-2026.1',
    silent: false,
    expiresInMs: 60_000,
    uses: {
      endorsementId: 'e1',
      stayDays: 7,
      quotas: [
        { id: 'selfServiceDay', per: 'control' },
        { id: 'holderDay', per: 'holder' },
      ],
    },
  });
});

const CASES: readonly (readonly [string, Partial<Facts>, string, string])[] = [
  ['evidence of a minute ago', evidence({ collectedAt: '2026-03-02T03:58:59Z' }), 'refer', 'evidenceStale'],
  ['evidence of the future', evidence({ collectedAt: '2026-03-02T04:01:00Z' }), 'refer', 'evidenceStale'],
  ['another direction', evidence({ direction: { from: 'MAC', to: 'CHN' } }), 'refer', 'foreignDirection'],
  [
    'a kind not accepted',
    { document: specimenDocument({ kind: 'identityCard' }) },
    'refuse',
    'documentKindNotAccepted',
  ],
  ['another issuer', { document: specimenDocument({ issuingState: 'UTO' }) }, 'refuse', 'issuingStateNotAccepted'],
  ['an expired document', { document: specimenDocument({ expiryDate: '2026-03-01' }) }, 'refuse', 'documentExpired'],
  ['no such day', { document: specimenDocument({ expiryDate: '2027-02-30' }) }, 'refuse', 'documentDateInvalid'],
  ['unknown day of expiry', { document: specimenDocument({ expiryDate: '2026-03-xx' }) }, 'refuse', 'documentExpired'],
  ['six years old', ofBirth('2019-03-03'), 'refer', 'tooYoung'],
  ['perhaps six', ofBirth('2019-xx-xx'), 'refer', 'tooYoung'],
  ['not enrolled', { enrolment: null }, 'refer', 'notEnrolled'],
  [
    'enrolment over',
    { enrolment: { ...specimenFacts().enrolment!, validUntil: '2026-03-01' } },
    'refer',
    'enrolmentEnded',
  ],
  ['no consent', { enrolment: { ...specimenFacts().enrolment!, consentGivenAt: null } }, 'refer', 'consentMissing'],
  [
    'an old consent',
    { enrolment: { ...specimenFacts().enrolment!, consentGivenAt: '2012-01-01T00:00:00Z' } },
    'refer',
    'consentTooOld',
  ],
  [
    'consent of tomorrow',
    { enrolment: { ...specimenFacts().enrolment!, consentGivenAt: '2026-03-03T00:00:00Z' } },
    'refer',
    'consentMissing',
  ],
  ['a spoof', withCheck('presentationAttack', 'failed'), 'refuse', 'checkNotAccepted'],
  ['a chip not read', withCheck('chipAccess', 'notDone'), 'refer', 'checkNotAccepted'],
  ['no check at all', evidence({ checks: [] }), 'refuse', 'checkMissing'],
  ['another face', withFace({ similarity: 0.49 }), 'refer', 'faceNotSimilar'],
  ['a lane with a lax threshold', withFace({ threshold: 0.3 }), 'refer', 'faceThresholdTooLow'],
  ['one frame', withFace({ framesUsed: 1 }), 'refer', 'faceFramesTooFew'],
  ['liveness not measured', withFace({ liveness: null }), 'refer', 'livenessMissing'],
  ['liveness low', withFace({ liveness: 0.2 }), 'refer', 'livenessTooLow'],
  ['liveness unsure, nothing else', withFace({ liveness: 0.35 }), 'refer', 'livenessTooLow'],
  ['moved as asked, and an attack all the same', moved(0.19, ['movedAsAsked']), 'refer', 'livenessTooLow'],
  ['moved as asked by one word of two', moved(0.35, ['movedAsAsked', null]), 'refer', 'livenessTooLow'],
  ['already outside', presence('outside'), 'refer', 'alreadyLeft'],
  ['a stay that is over', presence('inside', { permittedUntil: '2026-03-01' }), 'refer', 'overstayed'],
  ['in another lane', { crossingUnderWay: true }, 'refer', 'crossingUnderWay'],
  ['no endorsement', { endorsements: [] }, 'refuse', 'endorsementMissing'],
  ['used up', { endorsements: [{ ...ENDORSEMENT, remaining: 0 }] }, 'refuse', 'endorsementUsedUp'],
  ['not valid yet', { endorsements: [{ ...ENDORSEMENT, validFrom: '2026-03-03' }] }, 'refuse', 'endorsementNotValid'],
  ['a full day', { quotaUsed: { selfServiceDay: 200_000 } }, 'refer', 'quotaExhausted'],
];

test.each(CASES)('%s', (_name, change, word, code) => {
  const decision = decide(fieldRules('exit'), specimenFacts(change));
  expect([decision.word, decision.code, decision.silent]).toEqual([word, code, false]);
  expect(decision.uses.quotas).toEqual([]);
});

describe('borderline that clears', () => {
  test.each<readonly [string, Partial<Facts>]>([
    ['valid on its last day', { document: specimenDocument({ expiryDate: TODAY }) }],
    ['seven today, tall enough', ofBirth('2019-03-02')],
    ['inside', presence('inside')],
    ['stale knowledge of having left', presence('outside', { sinceMs: NOW_MS - 25 * HOUR_MS })],
    ['last day of the stay', presence('inside', { permittedUntil: TODAY })],
    ['consent given at the lane', { consentGivenAt: '2026-03-02T03:59:00Z' }],
    ['unsure of a live face, and moved as asked', moved(0.35, ['movedAsAsked'])],
    ['two frames, the least a lane decides on', withFace({ framesUsed: 2 })],
    ['the last place of the day', { quotaUsed: { selfServiceDay: 199_999 } }],
    ['any number of entries', { endorsements: [{ ...ENDORSEMENT, remaining: null }] }],
  ])('%s', (_name, change) => {
    expect(decide(fieldRules('exit'), specimenFacts(change)).word).toBe('clear');
  });

  test('the endorsement that ends first is used', () => {
    const later = { ...ENDORSEMENT, id: 'a-later', validUntil: '2027-01-01' };
    expect(decide(fieldRules('exit'), specimenFacts({ endorsements: [later, ENDORSEMENT] })).uses.endorsementId).toBe(
      'e1',
    );
  });
});

test('a child that nobody measured is sent to a staffed lane', () => {
  const enrolment = { ...specimenFacts().enrolment!, tallEnough: null };
  expect(decide(fieldRules('exit'), specimenFacts({ ...ofBirth('2018-01-01'), enrolment })).code).toBe(
    'heightNotConfirmed',
  );
});

test('on entry: nobody enters twice, and a passport must be valid for a while', () => {
  const rules = fieldRules('entry');
  expect(decide(rules, specimenFacts(presence('inside'), 'entry')).code).toBe('alreadyEntered');
  const passport = specimenDocument({ kind: 'passport', issuingState: 'UTO', expiryDate: '2026-05-30' });
  expect(decide(rules, specimenFacts({ document: passport }, 'entry')).code).toBe('documentValidityTooShort');
  expect(decide(rules, specimenFacts({ document: { ...passport, expiryDate: '2026-05-31' } }, 'entry')).word).toBe(
    'clear',
  );
});

describe('the watchlist', () => {
  test('a hit is silent and named by its entry', () => {
    const decision = decide(
      fieldRules('exit'),
      specimenFacts({ watchlistHits: [hit('name'), hit('document', 'refuse')] }),
    );
    expect(decision).toMatchObject({
      word: 'refuse',
      code: 'watchlistDocument',
      rule: 'watchlist.w-document',
      silent: true,
    });
  });

  test('is never hidden behind an expired document, whose word still counts', () => {
    const change = { watchlistHits: [hit('person')], document: specimenDocument({ expiryDate: '2020-01-01' }) };
    expect(decide(fieldRules('exit'), specimenFacts(change))).toMatchObject({
      word: 'refuse',
      code: 'watchlistPerson',
      silent: true,
    });
  });
});

test('whatever else is found, a traveller against whom something speaks is never cleared, and the word never gets weaker', () => {
  const rank = { clear: 0, refer: 1, refuse: 2 };
  const rules: RuleSet = fieldRules('exit');
  const one = fc.constantFrom(...CASES);
  fc.assert(
    fc.property(one, one, ([, first, word], [, second]) => {
      // Where both change the same fact the second wins, so the first must be laid over it.
      const decision = decide(rules, specimenFacts({ ...second, ...first }));
      expect(rank[decision.word]).toBeGreaterThanOrEqual(rank[word as 'refer']);
    }),
    { numRuns: 300 },
  );
});
