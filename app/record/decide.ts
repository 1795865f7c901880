import { isEnded } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { type ClearanceContext, checkClearance } from './clearance-check.ts';
import { evidenceFlaw } from './evidence-check.ts';
import { fold } from './fold.ts';
import type { RecordDoc } from './record-doc.ts';
import type { RecordEvent } from './record-events.ts';
import type { LaneLife, RecordEnding, RecordFact, StoreError } from './store.ts';
import { nextState } from './transitions.ts';

/** An allowed change: the journal's event and the record after it. What else must be written follows from both. */
export interface Change {
  readonly event: RecordEvent;
  readonly before: RecordDoc | null;
  readonly after: RecordDoc;
}

/**
 * Rules of facts and endings, the same for every backend; pure. `at`: ISO instant of the store's clock. Null: it is so
 * already, and nothing is to be written.
 */
export function decideEvent(
  doc: RecordDoc,
  event: RecordFact | RecordEnding,
  at: string,
): Result<Change | null, StoreError> {
  if (doc.state === 'committed' && isSameRelease(doc, event)) return ok(null);
  const state = nextState(doc, event);
  if (state === null) return err(wrongState(doc, event));
  const flaw = event.type === 'asked' ? evidenceFlaw(doc, event) : null;
  if (flaw !== null) return err({ code: 'storeFailed', detail: `invalidInput: ${flaw}` });
  return ok({ event, before: doc, after: fold(doc, event, state, at) });
}

function isSameRelease({ lastDoorRelease }: RecordDoc, event: RecordFact | RecordEnding): boolean {
  return (
    event.type === 'lastDoorReleased' &&
    lastDoorRelease?.door === event.door &&
    lastDoorRelease.passagesBefore === event.passagesBefore
  );
}

/** A door released or a passage told after the end: an alarm, never a silent correction. A passage told twice is none. */
function wrongState({ recordId, state }: RecordDoc, event: RecordFact | RecordEnding): StoreError {
  const late =
    event.type === 'lastDoorReleased'
      ? isEnded(state)
      : event.type === 'passed' && isEnded(state) && state !== 'passed';
  return { code: 'wrongState', recordId, state, ...(late ? { late } : {}) };
}

/** The request comes from the lane's present life, about a record of its own. */
export function lifeFlaw(
  by: LaneLife | undefined,
  record: { readonly recordId: string; readonly laneId: string },
  present: number,
): StoreError | null {
  if (by === undefined) return null;
  // Another lane's record is nothing this lane may know of.
  if (by.laneId !== record.laneId) return { code: 'unknownRecord', recordId: record.recordId };
  return by.life < present ? { code: 'earlierLife', laneId: by.laneId, life: present } : null;
}

/** G1 and G2: exit and entry together, or nothing. */
export function decideCommit(doc: RecordDoc, context: ClearanceContext, at: string): Result<Change, StoreError> {
  if (doc.state !== 'prepared' && doc.state !== 'verified') {
    return err({ code: 'wrongState', recordId: doc.recordId, state: doc.state });
  }
  const clear = checkClearance(doc, context);
  if (!clear.ok) return err({ code: 'commitRefused', recordId: doc.recordId, reason: clear.error });
  const event: RecordEvent = { type: 'committed', clearUntil: clear.value };
  const state = nextState(doc, event);
  // Two clears make a record prepared; were it not, the table and the check would disagree, and nothing may be written.
  if (state === null) return err({ code: 'wrongState', recordId: doc.recordId, state: doc.state });
  return ok({ event, before: doc, after: fold(doc, event, state, at) });
}
