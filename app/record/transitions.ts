import type { RecordState } from '../contract/crossing.ts';
import type { RecordDoc } from './record-doc.ts';
import type { RecordEvent, RecordEventType } from './record-events.ts';

/**
 * The legal transitions, as data: what may happen in each state and where it leads. What is not listed is refused and
 * writes nothing. `docs` and tests read this table; nothing else decides.
 */
export const TRANSITIONS: Readonly<
  Record<RecordState, Partial<Readonly<Record<Exclude<RecordEventType, 'opened'>, RecordState>>>>
> = {
  open: { identified: 'identified', referred: 'referred', abandoned: 'abandoned' },
  identified: { verified: 'verified', referred: 'referred', abandoned: 'abandoned' },
  verified: {
    asked: 'verified',
    // Becomes `prepared` with the second of two clears: see `nextState`.
    answered: 'verified',
    refused: 'refused',
    referred: 'referred',
    abandoned: 'abandoned',
  },
  prepared: { committed: 'committed', referred: 'referred', abandoned: 'abandoned' },
  // Out of a committed record lead only passing, voiding both sides, and an officer who finds out which (both stand until then).
  committed: { lastDoorReleased: 'committed', passed: 'passed', voided: 'voided', referred: 'referred' },
  // Passed and voided only for a referral whose clearance still stands: see `nextState`.
  referred: { resolved: 'resolved', passed: 'passed', voided: 'voided' },
  passed: {},
  refused: {},
  resolved: {},
  abandoned: {},
  voided: {},
};

/** The state after `event`, or null when this record does not allow it. */
export function nextState(doc: RecordDoc, event: Exclude<RecordEvent, { type: 'opened' }>): RecordState | null {
  const next = TRANSITIONS[doc.state][event.type];
  if (next === undefined) return null;
  switch (event.type) {
    case 'asked':
      // Both controls are asked once, about one evidence: a second one would let an answer be given for the first.
      return doc.evidenceDigest === null ? next : null;
    case 'answered': {
      const { side, word } = event.answer.body;
      if (doc.evidenceDigest === null || doc.answers[side] !== null) return null;
      const other = doc.answers[side === 'exit' ? 'entry' : 'exit'];
      return word === 'clear' && other?.body.word === 'clear' ? 'prepared' : next;
    }
    case 'lastDoorReleased':
      // Once: a second counter would make a restart ask the door the wrong question.
      return doc.lastDoorRelease === null ? next : null;
    case 'passed':
      // Nobody passes a door that was never released for this record.
      return doc.clearance === 'standing' && doc.lastDoorRelease !== null ? next : null;
    case 'voided':
      return doc.clearance === 'standing' ? next : null;
    case 'resolved':
      // Released is only what a side has referred, and never while a clearance stands.
      return event.action === 'released' && (doc.referral?.owner === 'port' || doc.clearance !== 'none') ? null : next;
    default:
      return next;
  }
}
