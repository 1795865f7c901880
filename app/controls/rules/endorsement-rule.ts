import type { Endorsement, Facts } from './facts.ts';
import { finding, NOTHING, type Rule } from './finding.ts';
import type { RuleSet } from './rule-set.ts';

/** A permit that needs an endorsement has one that is valid today and not used up. */
export const judgeEndorsement: Rule = (rules, facts) => {
  if (!needsEndorsement(rules, facts) || endorsementToUse(rules, facts) !== null) return NOTHING;
  const valid = facts.endorsements.filter((endorsement) => isValidOn(endorsement, facts.today));
  const { otherwise } = rules.endorsements;
  if (valid.length > 0) return finding(otherwise, 'endorsementUsedUp', 'endorsements.requiredFor');
  if (facts.endorsements.length > 0) return finding(otherwise, 'endorsementNotValid', 'endorsements.requiredFor');
  return finding(otherwise, 'endorsementMissing', 'endorsements.requiredFor');
};

/** The one that a cleared crossing uses: the one that ends first, so that the holder loses least. */
export function endorsementToUse(rules: RuleSet, facts: Facts): Endorsement | null {
  if (!needsEndorsement(rules, facts)) return null;
  const usable = facts.endorsements
    .filter((endorsement) => isValidOn(endorsement, facts.today))
    .filter(({ remaining }) => remaining === null || remaining > 0);
  return usable.sort(byEndThenId)[0] ?? null;
}

function needsEndorsement({ endorsements }: RuleSet, { document }: Facts): boolean {
  return endorsements.requiredFor.includes(document.kind);
}

function isValidOn({ validFrom, validUntil }: Endorsement, day: string): boolean {
  return validFrom <= day && day <= validUntil;
}

function byEndThenId(a: Endorsement, b: Endorsement): number {
  if (a.validUntil !== b.validUntil) return a.validUntil < b.validUntil ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
