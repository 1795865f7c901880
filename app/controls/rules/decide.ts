import type { ControlWord } from '../../contract/crossing.ts';
import type { DecisionCode } from '../../contract/decision-codes.ts';
import { judgeAge, judgeDocument } from './document-rules.ts';
import { endorsementToUse, judgeEndorsement } from './endorsement-rule.ts';
import { judgeConsent, judgeEnrolment } from './enrolment-rules.ts';
import { judgeChecks, judgeDirection, judgeFace, judgeFreshness } from './evidence-rules.ts';
import type { Facts } from './facts.ts';
import type { Finding, Rule } from './finding.ts';
import { judgePresence, judgeStay } from './presence-rule.ts';
import { judgeQuotas, quotasThatCount } from './quota-rule.ts';
import { leftAfterRelease } from './release-rule.ts';
import type { RuleSet } from './rule-set.ts';
import { judgeWatchlist } from './watchlist-rule.ts';

/** What a cleared crossing uses up once it is committed. */
export interface Uses {
  readonly endorsementId: string | null;
  /** Days of stay the used endorsement grants. */
  readonly stayDays: number | null;
  readonly quotas: readonly QuotaUse[];
}

export interface QuotaUse {
  readonly id: string;
  readonly per: 'control' | 'holder';
}

export interface Decision {
  readonly word: ControlWord;
  readonly code: DecisionCode;
  /** The part of the rule set that spoke; `default` when none did. */
  readonly rule: string;
  readonly ruleVersion: string;
  readonly silent: boolean;
  readonly expiresInMs: number;
  /** Empty unless the word is `clear`. */
  readonly uses: Uses;
}

const RULES: readonly Rule[] = [
  judgeWatchlist,
  judgeDirection,
  judgeFreshness,
  judgeDocument,
  judgeAge,
  judgeEnrolment,
  judgeConsent,
  judgeChecks,
  judgeFace,
  judgePresence,
  judgeStay,
  judgeEndorsement,
  judgeQuotas,
];

const CLEARED = { code: 'eligible', rule: 'default' } as const;
const RELEASED = { code: 'releasedByOfficer', rule: 'release' } as const;
const NO_USES: Uses = { endorsementId: null, stayDays: null, quotas: [] };

/**
 * One side's decision: pure, total, and a function of its arguments only. All rules are always asked. The strongest word
 * counts; the reason given is a watchlist hit if there is one, so that an expired passport never hides it. What this side's own
 * officers have released speaks against nobody any more.
 */
export function decide(rules: RuleSet, facts: Facts): Decision {
  const found = RULES.flatMap((rule) => rule(rules, facts));
  const findings = leftAfterRelease(found, facts);
  const common = { ruleVersion: rules.version, expiresInMs: rules.answerValidMs };
  const first = findings.find(({ silent }) => silent) ?? strongest(findings);
  if (first === undefined) {
    const cleared = found.length === 0 ? CLEARED : RELEASED;
    return { ...common, ...cleared, word: 'clear', silent: false, uses: usesOf(rules, facts) };
  }
  const word = strongest(findings)?.word ?? first.word;
  return { ...common, word, code: first.code, rule: first.rule, silent: first.silent, uses: NO_USES };
}

function strongest(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ word }) => word === 'refuse') ?? findings[0];
}

function usesOf(rules: RuleSet, facts: Facts): Uses {
  const endorsement = endorsementToUse(rules, facts);
  return {
    endorsementId: endorsement?.id ?? null,
    stayDays: endorsement?.stayDays ?? null,
    quotas: quotasThatCount(rules, facts).map(({ id, per }) => ({ id, per })),
  };
}
