import { err, ok, type Result } from '../contract/result.ts';
import { type ClearanceContext, checkClearance } from './clearance-check.ts';
import { evidenceFlaw } from './evidence-check.ts';
import { fold } from './fold.ts';
import type { RecordDoc } from './record-doc.ts';
import type { RecordEvent } from './record-events.ts';
import type { RecordEnding, RecordFact, StoreError } from './store.ts';
import { nextState } from './transitions.ts';

/** An allowed change: the journal's event and the record after it. What else must be written follows from both. */
export interface Change {
  readonly event: RecordEvent;
  readonly before: RecordDoc | null;
  readonly after: RecordDoc;
}

/** Rules of facts and endings, the same for every backend; pure. `at`: ISO instant of the store's clock. */
export function decideEvent(doc: RecordDoc, event: RecordFact | RecordEnding, at: string): Result<Change, StoreError> {
  const state = nextState(doc, event);
  if (state === null) return err({ code: 'wrongState', recordId: doc.recordId, state: doc.state });
  const flaw = event.type === 'asked' ? evidenceFlaw(doc, event) : null;
  if (flaw !== null) return err({ code: 'storeFailed', detail: `invalidInput: ${flaw}` });
  return ok({ event, before: doc, after: fold(doc, event, state, at) });
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
