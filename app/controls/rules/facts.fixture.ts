import type { Side } from '../../contract/crossing.ts';
import { NOW_MS, specimenDocument, specimenRequest, TODAY } from '../test-kit.ts';
import type { Facts } from './facts.ts';

export const ENDORSEMENT = { id: 'e1', remaining: 1, stayDays: 7, validFrom: '2026-01-01', validUntil: '2026-12-31' };

/** For tests: an enrolled traveller with everything in order, but for what is changed. */
export function specimenFacts(change: Partial<Facts> = {}, side: Side = 'exit'): Facts {
  return {
    side,
    atMs: NOW_MS,
    today: TODAY,
    document: specimenDocument(),
    evidence: specimenRequest(side).evidence,
    consentGivenAt: null,
    enrolment: { validUntil: null, consentGivenAt: '2025-01-10T00:00:00Z', tallEnough: true },
    endorsements: [ENDORSEMENT],
    quotaUsed: {},
    presence: null,
    crossingUnderWay: false,
    watchlistHits: [],
    release: null,
    ...change,
  };
}
