import type { Facts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** Why a control says `refer` or `refuse`, or that nothing speaks against the crossing. For the owning side's eyes only. */
export const DECISION_CODES = [
  'eligible',
  'evidenceStale',
  'foreignDirection',
  'documentKindNotAccepted',
  'issuingStateNotAccepted',
  'documentDateInvalid',
  'documentExpired',
  'documentValidityTooShort',
  'tooYoung',
  'heightNotConfirmed',
  'notEnrolled',
  'enrolmentEnded',
  'consentMissing',
  'consentTooOld',
  'checkMissing',
  'checkNotAccepted',
  'faceModelNotAccepted',
  'faceThresholdTooLow',
  'faceNotSimilar',
  'faceFramesTooFew',
  'livenessMissing',
  'livenessTooLow',
  'endorsementMissing',
  'endorsementNotValid',
  'endorsementUsedUp',
  'quotaExhausted',
  'presenceUnknown',
  'alreadyLeft',
  'alreadyEntered',
  'overstayed',
  'crossingUnderWay',
  'watchlistDocument',
  'watchlistPerson',
  'watchlistName',
] as const;
export type DecisionCode = (typeof DECISION_CODES)[number];

/** One thing that speaks against the crossing. */
export interface Finding {
  readonly word: 'refer' | 'refuse';
  readonly code: DecisionCode;
  /** Which part of the rule set spoke, as a path an administrator finds again, e.g. `checks.faceMatch`. */
  readonly rule: string;
  /** Never to be noticed by the traveller: the owning side's officers come without any sign. */
  readonly silent: boolean;
}

export type Rule = (rules: RuleSet, facts: Facts) => readonly Finding[];

export const NOTHING: readonly Finding[] = [];

export function finding(word: 'refer' | 'refuse', code: DecisionCode, rule: string): readonly Finding[] {
  return [{ word, code, rule, silent: false }];
}
