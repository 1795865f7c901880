import type { Side } from '../../contract/crossing.ts';
import { addDays } from '../rules/calendar.ts';
import type { CrossingRow } from './crossing-log.ts';
import { quotaCounter } from './gather-facts.ts';
import type { CrossingState } from './notice-rules.ts';
import type { Register } from './register.ts';

/**
 * Makes what a crossing holds (an entry of an endorsement, places in quotas, the holder's presence) fit its state, and
 * gives the row to save. Exactly once whatever is repeated: `held` and `moved` say what has been done, in the same
 * transaction as the doing.
 */
export function settleHoldings(
  row: CrossingRow,
  state: CrossingState,
  atMs: number,
  side: Side,
  register: Register,
): CrossingRow {
  const crossed = state === 'committed' || state === 'passed';
  const holds = row.word === 'clear' && (crossed || state === 'prepared');
  const counted = count({ ...row, state }, holds, register);
  return crossed ? move(counted, atMs, side, register) : moveBack(counted, register);
}

function count(row: CrossingRow, holds: boolean, register: Register): CrossingRow {
  if (row.held === holds || row.holder === null || row.day === null) return row;
  const by = holds ? 1 : -1;
  if (row.uses.endorsementId !== null) register.countEndorsement(row.holder, row.uses.endorsementId, by);
  for (const quota of row.uses.quotas) {
    register.countQuota(quota.id, row.day, quotaCounter(quota, row.holder), by);
  }
  return { ...row, held: holds };
}

function move(row: CrossingRow, atMs: number, side: Side, register: Register): CrossingRow {
  if (row.moved || row.holder === null || row.day === null) return row;
  const before = register.presence(row.holder);
  // A commit may be told late; a newer movement is known better.
  if (before !== null && before.sinceMs > atMs) return row;
  register.setPresence(row.holder, {
    place: side === 'exit' ? 'outside' : 'inside',
    sinceMs: atMs,
    permittedUntil: side === 'entry' ? lastDayOfStay(row.day, row.uses.stayDays) : null,
    recordId: row.recordId,
  });
  return { ...row, moved: true, presenceBefore: before };
}

function moveBack(row: CrossingRow, register: Register): CrossingRow {
  if (!row.moved || row.holder === null) return row;
  // Only if nothing newer has been heard of the holder.
  if (register.presence(row.holder)?.recordId === row.recordId) register.setPresence(row.holder, row.presenceBefore);
  return { ...row, moved: false, presenceBefore: null };
}

/** A stay is counted from the day after entry. */
function lastDayOfStay(day: string, stayDays: number | null): string | null {
  return stayDays === null ? null : addDays(day, stayDays);
}
