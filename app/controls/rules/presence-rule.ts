import { finding, NOTHING, type Rule } from './finding.ts';

const HOUR_MS = 3_600_000;

/** Nobody leaves who is not inside, nobody enters who is not outside, and nobody is in two lanes at once. */
export const judgePresence: Rule = ({ presence: rule }, { presence, side, atMs, crossingUnderWay }) => {
  if (crossingUnderWay && rule.whenUnderWay === 'refer') {
    return finding('refer', 'crossingUnderWay', 'presence.whenUnderWay');
  }
  if (!rule.enforced) return NOTHING;
  const known = presence !== null && atMs - presence.sinceMs <= rule.staleAfterHours * HOUR_MS ? presence.place : null;
  if (known === null) {
    return rule.whenUnknown === 'accept' ? NOTHING : finding('refer', 'presenceUnknown', 'presence.whenUnknown');
  }
  if (side === 'exit' && known === 'outside') return finding(rule.otherwise, 'alreadyLeft', 'presence.enforced');
  if (side === 'entry' && known === 'inside') return finding(rule.otherwise, 'alreadyEntered', 'presence.enforced');
  return NOTHING;
};

/** On leaving: the stay that was granted at entry is not over. */
export const judgeStay: Rule = ({ presence: { whenOverstayed } }, { presence, side, today }) => {
  if (side !== 'exit' || whenOverstayed === 'accept' || presence?.place !== 'inside') return NOTHING;
  const over = presence.permittedUntil !== null && presence.permittedUntil < today;
  return over ? finding(whenOverstayed, 'overstayed', 'presence.whenOverstayed') : NOTHING;
};
