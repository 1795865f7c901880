import type { Severity } from '../../../contract/audit-events.ts';
import type { Alarm } from '../../../contract/supervisor-view.ts';

const RANK: Readonly<Record<Severity, number>> = { security: 0, critical: 1, warning: 2, info: 3 };

/** The gravest first, within one severity the newest first. */
export function byNeed(alarms: readonly Alarm[]): Alarm[] {
  return [...alarms].sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.at.localeCompare(a.at) || b.id - a.id);
}

/**
 * The order on screen. While somebody points at the list (`held`), what is there keeps its place and newcomers wait at the end:
 * a row must never slide away under the pointer.
 */
export function calmOrder(shownIds: readonly number[], alarms: readonly Alarm[], held: boolean): Alarm[] {
  const sorted = byNeed(alarms);
  if (!held) return sorted;
  const place = new Map(shownIds.map((id, index) => [id, index]));
  const staying = sorted
    .filter(({ id }) => place.has(id))
    .sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  return [...staying, ...sorted.filter(({ id }) => !place.has(id))];
}
