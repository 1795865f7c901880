import { describe, expect, test } from 'vitest';
import type { ReleaseGrant } from '../../contract/control-protocol.ts';
import { RELEASED_BY_OFFICER, type Side } from '../../contract/crossing.ts';
import { fieldRules, NOW_MS, specimenRequest } from '../test-kit.ts';
import { decide } from './decide.ts';
import { specimenFacts } from './facts.fixture.ts';
import type { Facts } from './facts.ts';

const RECORD = '0b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52';
const grant = (change: Partial<ReleaseGrant> = {}): ReleaseGrant => ({
  releaseOf: '1b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52',
  officers: ['E1001'],
  reasonCode: 'identityConfirmed',
  at: '2026-03-02T03:59:50.000Z',
  reason: null,
  checks: [],
  ...change,
});
const TWO = { officers: ['E1001', 'E1002'] };

function facts(change: Partial<Facts>, grants: readonly ReleaseGrant[] = [], side: Side = 'exit'): Facts {
  const release = grants.length === 0 ? null : { side, recordId: RECORD, grants: [...grants] };
  return specimenFacts({ release, ...change }, side);
}
const wordOf = (change: Partial<Facts>, grants: readonly ReleaseGrant[], side: Side = 'exit') => {
  const { word, code } = decide(fieldRules(side), facts(change, grants, side));
  return [word, code];
};
/** What the console shows the officers of this side of such a traveller. */
const shown = (change: Partial<Facts>, side: Side = 'exit') => {
  const { code, rule, silent } = decide(fieldRules(side), facts(change, [], side));
  return { reason: { code, rule, silent } };
};
const evidence = (change: Partial<Facts['evidence']>): Partial<Facts> => ({
  evidence: { ...specimenRequest('exit').evidence, ...change },
});
const withChecks = (outcomes: Record<string, 'failed' | 'notDone'>, more: Facts['evidence']['checks'] = []) => {
  const { checks } = specimenRequest('exit').evidence;
  const changed = checks.map((check) => ({ ...check, outcome: outcomes[check.id] ?? check.outcome }));
  return [...changed, ...more];
};

const OVERSTAYED: Partial<Facts> = {
  presence: { place: 'inside', sinceMs: NOW_MS - 3_600_000, permittedUntil: '2026-03-01' },
};
const NO_ENDORSEMENT: Partial<Facts> = { endorsements: [] };
const hit = (entryId: string) => ({ entryId, strength: 'document', word: 'refer' }) as const;

describe('one officer', () => {
  test('answers for what refers', () => {
    expect(wordOf(OVERSTAYED, [])).toEqual(['refer', 'overstayed']);
    expect(wordOf(OVERSTAYED, [grant(shown(OVERSTAYED))])).toEqual(['clear', 'releasedByOfficer']);
  });

  test('does not answer for a refusal, nor for a watchlist', () => {
    expect(wordOf(NO_ENDORSEMENT, [grant(shown(NO_ENDORSEMENT))])).toEqual(['refuse', 'endorsementMissing']);
    expect(wordOf({ watchlistHits: [hit('w1')] }, [grant()])).toEqual(['refer', 'watchlistDocument']);
  });

  test('the same officer twice, in two grants, is still one', () => {
    expect(wordOf(NO_ENDORSEMENT, [grant(), grant()])[0]).toBe('refuse');
  });
});

describe('two officers', () => {
  test('answer for a refusal; what the crossing uses is counted as ever', () => {
    expect(wordOf(NO_ENDORSEMENT, [grant({ ...TWO, ...shown(NO_ENDORSEMENT) })])).toEqual([
      'clear',
      'releasedByOfficer',
    ]);
    // They had released on a face, or on something else: of this refusal they have not heard.
    expect(wordOf(NO_ENDORSEMENT, [grant(TWO)])).toEqual(['refuse', 'endorsementMissing']);
    expect(wordOf(NO_ENDORSEMENT, [grant({ ...TWO, ...shown(OVERSTAYED) })])).toEqual(['refuse', 'endorsementMissing']);
    expect(
      decide(fieldRules('exit'), facts(OVERSTAYED, [grant({ ...TWO, ...shown(OVERSTAYED) })])).uses.endorsementId,
    ).toBe('e1');
  });

  test('answer for the watchlist entry that they saw, and for no other', () => {
    const saw = { ...TWO, reason: { code: 'watchlistDocument', rule: 'watchlist.w1', silent: true } };
    expect(wordOf({ watchlistHits: [hit('w1')] }, [grant(saw)])).toEqual(['clear', 'releasedByOfficer']);
    expect(wordOf({ watchlistHits: [hit('w1'), hit('w2')] }, [grant(saw)])).toEqual(['refer', 'watchlistDocument']);
    expect(wordOf({ watchlistHits: [hit('w1')] }, [grant(TWO)])[0]).toBe('refer');
  });
});

test('nobody answers for old evidence, a foreign lane, or a crossing that is under way elsewhere', () => {
  for (const [change, code] of [
    [evidence({ collectedAt: '2026-03-02T03:50:00Z' }), 'evidenceStale'],
    [evidence({ direction: { from: 'MAC', to: 'CHN' } }), 'foreignDirection'],
    [{ crossingUnderWay: true }, 'crossingUnderWay'],
  ] as const)
    expect(wordOf(change, [grant(TWO)])).toEqual(['refer', code]);
});

describe('face and document', () => {
  const face = { modelId: 'specimen-model', similarity: -1, threshold: 0.5, liveness: null, framesUsed: 0 };
  const notMatched = evidence({ face, checks: withChecks({ faceMatch: 'failed' }) });
  const onFace = grant({ checks: ['faceQuality', 'presentationAttack', 'faceMatch'] });

  test('an officer who has compared the face answers for what the lane could not', () => {
    expect(wordOf(notMatched, [])[0]).toBe('refer');
    expect(wordOf(notMatched, [onFace])).toEqual(['clear', 'releasedByOfficer']);
  });

  test('a presentation attack that was seen takes two', () => {
    const attack = evidence({ face, checks: withChecks({ presentationAttack: 'failed' }) });
    expect(wordOf(attack, [onFace])).toEqual(['refuse', 'checkNotAccepted']);
    expect(wordOf(attack, [grant({ ...TWO, checks: onFace.checks })])).toEqual(['clear', 'releasedByOfficer']);
  });

  test('what the exit officers have judged, the entry control refers to its own', () => {
    const told = { id: 'exitControl', outcome: 'notDone', reason: RELEASED_BY_OFFICER } as const;
    const released = evidence({ face, checks: withChecks({ faceMatch: 'failed', faceQuality: 'notDone' }, [told]) });
    expect(wordOf(released, [], 'entry')).toEqual(['refer', 'releasedByOtherSide']);
    const ours = { code: 'releasedByOtherSide', rule: 'checks.faceMatch', silent: false };
    expect(wordOf(released, [grant({ reason: ours })], 'entry')).toEqual(['clear', 'releasedByOfficer']);
    // Of the other side's own reasons nothing is known here, and nothing is softened.
    expect(wordOf({ ...released, ...NO_ENDORSEMENT }, [], 'exit')[0]).toBe('refuse');
    const attack = evidence({ face, checks: withChecks({ presentationAttack: 'failed' }, [told]) });
    expect(wordOf(attack, [], 'entry')).toEqual(['refuse', 'checkNotAccepted']);
  });
});
