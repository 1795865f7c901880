import { SEVERITIES } from '../../../contract/audit-events.ts';
import type { LaneCard } from '../../../contract/supervisor-console.ts';

/** How much a lane needs an officer: who waits for this side first, then graver alarms, lanes that are silent, lanes that are shut. */
export function needOf(card: LaneCard): number {
  const severity = card.alarm === null ? 0 : SEVERITIES.indexOf(card.alarm.severity) + 1;
  return (
    (card.referrals.own > 0 ? 1000 : 0) +
    severity * 100 +
    (card.connected ? 0 : 50) +
    (card.inService ? 0 : 20) +
    (card.referrals.others > 0 ? 5 : 0)
  );
}

/**
 * The order of the wall. Lanes with equal need stand by their number; while somebody points at the wall (`held`) everything keeps
 * its place: a card must never slide away under the pointer.
 */
export function wallOrder(cards: ReadonlyMap<string, LaneCard>, shown: readonly string[], held: boolean): string[] {
  const ids = [...cards.keys()];
  if (held) {
    const known = new Set(shown);
    return [...shown.filter((id) => cards.has(id)), ...ids.filter((id) => !known.has(id))];
  }
  const need = new Map([...cards.values()].map((card) => [card.laneId, needOf(card)]));
  return ids.sort((a, b) => (need.get(b) ?? 0) - (need.get(a) ?? 0) || a.localeCompare(b, 'en', { numeric: true }));
}
