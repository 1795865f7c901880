import type { DecisionCode } from '../../contract/decision-codes.ts';
import type { Facts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

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
