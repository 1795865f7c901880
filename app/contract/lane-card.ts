import { SEVERITIES } from './audit-events.ts';
import type { LaneCard } from './supervisor-console.ts';
import type { Alarm, SupervisorView } from './supervisor-view.ts';

/** The card of a lane from one viewer's whole view of it: nothing is on the card that is not in the view. */
export function cardOf(view: SupervisorView, connected: boolean): LaneCard {
  const { laneId, direction, topology, inService, step, stationsReached, stepSince, doors, today } = view;
  const worst = view.alarms.reduce<Alarm | null>((found, alarm) => (isGraver(alarm, found) ? alarm : found), null);
  const ended = today.passed + today.refused + today.referred + today.voided;
  const own = view.referrals.filter(({ actions }) => actions.length > 0).length;
  return {
    laneId,
    direction,
    topology,
    connected,
    inService,
    step,
    stationsReached,
    stepSince,
    doors: [...doors],
    alarm: worst === null ? null : { event: worst.event, severity: worst.severity, at: worst.at },
    alarms: view.alarms.length,
    referrals: { own, others: view.referrals.length - own },
    passed: today.passed,
    withoutOfficer: ended === 0 ? null : today.passed / ended,
    medianMs: today.medianMs,
  };
}

function isGraver(alarm: Alarm, than: Alarm | null): boolean {
  if (than === null) return true;
  const [a, b] = [SEVERITIES.indexOf(alarm.severity), SEVERITIES.indexOf(than.severity)];
  return a === b ? alarm.at > than.at : a > b;
}
