import { SIDES } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type ConsoleError, consoleError } from '../contract/supervisor-console.ts';
import type { ActingOfficer } from './acting-officer.ts';
import { isoNow } from './clock.ts';
import type { LaneParts, LaneState } from './lane-parts.ts';
import type { ServiceReason } from './service.ts';

/** Whoever did this to the lane takes it back before the lane is another's: a technician's hands may be in a door. */
const HELD_BY: readonly ServiceReason[] = ['diagnostics', 'emergency', 'blockedByOfficer'];

/** Nobody is in the lane, nobody who was waits for an officer (`waiting`), and nobody works on it. */
export function isIdle({ service, run }: Pick<LaneState, 'service' | 'run'>, waiting: readonly unknown[]): boolean {
  return run === null && waiting.length === 0 && !HELD_BY.some((reason) => service.has(reason));
}

/**
 * Turns an idle lane round: closed in both directions first, then the mark that survives a restart, then the process opens the lane
 * anew. Nothing may be left that belongs to the sides as they were: no live record, and nothing that a control has not been told.
 */
export async function reverseLane(
  { viewer, officer }: ActingOfficer,
  { reversal, closure, services }: LaneParts,
  state: LaneState,
): Promise<Result<void, ConsoleError>> {
  const { store, laneId, direction, clock, diary } = services;
  if (viewer !== 'portSupervisor') return err(consoleError('notAllowed'));
  if (reversal == null) return err(consoleError('notReversible'));
  const at = isoNow(clock);
  const idle = (): boolean => isIdle(state, state.referrals.list(null));
  if (!idle()) return err(consoleError('notPossibleNow'));
  // Closed before anything is asked: nobody comes in meanwhile.
  const closed = closure.close({ by: 'port', officer, at });
  if (!closed.ok) return err(consoleError('storeFailed'));
  state.service.set('closedByOfficer', true);
  const live = await store.live(laneId);
  const untold = await Promise.all(SIDES.map((side) => store.outbox(side, 1)));
  if (!live.ok || untold.some((box) => !box.ok)) return err(consoleError('storeFailed'));
  const told = untold.every((box) => box.ok && box.value.length === 0);
  if (live.value.length > 0 || !told || !idle()) return err(consoleError('notPossibleNow'));
  const { from, to } = direction;
  await diary.note('laneReversed', { facts: { officer, from: to, to: from } });
  const done = reversal.to.reverse(officer, at);
  if (!done.ok) return err(consoleError('storeFailed'));
  // The answer goes out first.
  setImmediate(reversal.reopen);
  return ok();
}
