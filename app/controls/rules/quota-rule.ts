import { appliesTo } from './evidence-rules.ts';
import type { Facts } from './facts.ts';
import { finding, NOTHING, type Rule } from './finding.ts';
import type { RuleSet } from './rule-set.ts';

type Quota = RuleSet['quotas'][number];

/** No quota of the day that counts this crossing is exhausted. */
export const judgeQuotas: Rule = (rules, facts) =>
  quotasThatCount(rules, facts).flatMap(({ id, limitPerDay, otherwise }) =>
    (facts.quotaUsed[id] ?? 0) < limitPerDay ? NOTHING : finding(otherwise, 'quotaExhausted', `quotas.${id}`),
  );

/** The quotas a crossing of this document counts in. */
export function quotasThatCount({ quotas }: RuleSet, { document }: Pick<Facts, 'document'>): readonly Quota[] {
  return quotas.filter(({ kinds }) => appliesTo(kinds, document.kind));
}
