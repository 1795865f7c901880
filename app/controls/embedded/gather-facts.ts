import type { PrepareRequest } from '../../contract/control-protocol.ts';
import { RELEASED_BY_OFFICER } from '../../contract/crossing.ts';
import { localDate } from '../rules/calendar.ts';
import type { QuotaUse } from '../rules/decide.ts';
import type { Facts } from '../rules/facts.ts';
import { quotasThatCount } from '../rules/quota-rule.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import type { CrossingLog } from './crossing-log.ts';
import { type Identity, watchKeysOf } from './identity.ts';
import type { Register } from './register.ts';

export interface Gathered {
  readonly facts: Facts;
  /** Keyed hash of the holder, or of the document when the register does not know its holder. */
  readonly holder: string;
}

/** Looks up everything the rules ask about, in the caller's transaction. */
export function gatherFacts(
  request: PrepareRequest,
  atMs: number,
  rules: RuleSet,
  { identity, register, log }: { identity: Identity; register: Register; log: CrossingLog },
): Gathered {
  const { document, evidence, consentGivenAt } = request;
  const documentDigest = identity.document(document.issuingState, document.number);
  const known = register.holderOf(documentDigest);
  const holder = known?.holder ?? documentDigest;
  const today = localDate(atMs, rules.timeZone);
  const quotaUsed = quotasThatCount(rules, request).map(
    (quota) => [quota.id, register.quotaUsed(quota.id, today, quotaCounter(quota, holder))] as const,
  );
  return {
    holder,
    facts: {
      side: rules.side,
      atMs,
      today,
      document,
      evidence,
      consentGivenAt,
      enrolment: known?.enrolment ?? null,
      endorsements: known === null ? [] : register.endorsements(holder),
      quotaUsed: Object.fromEntries(quotaUsed),
      presence: register.presence(holder),
      crossingUnderWay: log.isUnderWay(holder, evidence.recordId),
      watchlistHits: register.watchlistHits(watchKeysOf(identity, document)),
      release: releaseFor(request, rules),
    },
  };
}

/** Whom a quota counts by: the holder, or everybody together under the empty name. */
export function quotaCounter({ per }: QuotaUse, holder: string): string {
  return per === 'holder' ? holder : '';
}

/** Only this side's, for this record, and known to both as a fact by the evidence: anything else releases nothing. */
function releaseFor({ release, evidence }: PrepareRequest, { side }: RuleSet): Facts['release'] {
  if (release === undefined || release.side !== side || release.recordId !== evidence.recordId) return null;
  const told = evidence.checks.some(({ id, reason }) => id === `${side}Control` && reason === RELEASED_BY_OFFICER);
  return told ? release : null;
}
