import type { RecordOutcome } from '../contract/control-protocol.ts';
import { isEnded } from '../contract/crossing.ts';
import type { Result } from '../contract/result.ts';
import type { RecordSnapshot, StoreError } from './store.ts';

/** What a home says about a record to a control that never heard what became of its clear. */
export function outcomeOf(read: Result<RecordSnapshot, StoreError>): Result<RecordOutcome, StoreError> {
  if (!read.ok) return read.error.code === 'unknownRecord' ? { ok: true, value: 'unknown' } : read;
  const { state, clearance } = read.value;
  return { ok: true, value: wordFor(state, clearance) };
}

function wordFor(state: RecordSnapshot['state'], clearance: RecordSnapshot['clearance']): RecordOutcome {
  if (state === 'passed') return 'passed';
  // Also of a referral that waits for its officer: both sides stand until then.
  if (clearance === 'standing') return 'committed';
  return isEnded(state) ? 'voided' : 'open';
}
