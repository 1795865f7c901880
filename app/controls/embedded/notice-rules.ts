import type { AuditEventId } from '../../contract/audit-events.ts';
import type { NoticeStep } from '../../contract/control-protocol.ts';
import type { ControlWord } from '../../contract/crossing.ts';

/** `lapsed`: cleared, and nobody said in time what became of it. */
export const CROSSING_STATES = ['prepared', 'committed', 'passed', 'voided', 'lapsed'] as const;
export type CrossingState = (typeof CROSSING_STATES)[number];

/** What the control's own officers must look at: the lane says something that can't be, or nothing. The same words as in the audit registry. */
const ALARM_CODES = [
  'commitWithoutClear',
  'commitAfterLapse',
  'commitForUnknownRecord',
  'receiptAfterVoid',
  'receiptForUnknownRecord',
  'voidAfterReceipt',
  'receiptForged',
  'clearLapsed',
  'noticeChanged',
  'evidenceChanged',
] as const satisfies readonly AuditEventId[];
export type AlarmCode = (typeof ALARM_CODES)[number];

export interface Known {
  readonly state: CrossingState;
  readonly word: ControlWord | null;
}

export interface Transition {
  /** Null: no row is written for it. */
  readonly state: CrossingState | null;
  readonly alarm: AlarmCode | null;
}

/**
 * What a notice makes of a crossing, whatever order notices come in. A void ends everything before the passage; a
 * receipt implies the commit; a commit that comes after its void is old news.
 */
export function nextState(known: Known | null, step: NoticeStep): Transition {
  switch (step) {
    case 'commit':
      return onCommit(known);
    case 'void':
      return onVoid(known);
    case 'receipt':
      return onReceipt(known);
  }
}

function onCommit(known: Known | null): Transition {
  if (known === null) return { state: null, alarm: 'commitForUnknownRecord' };
  switch (known.state) {
    case 'prepared':
      return known.word === 'clear'
        ? { state: 'committed', alarm: null }
        : { state: 'prepared', alarm: 'commitWithoutClear' };
    case 'lapsed':
      // The joint record is the truth, but this side had given up on it: counted, and never silently.
      return { state: 'committed', alarm: 'commitAfterLapse' };
    case 'committed':
    case 'passed':
    case 'voided':
      return { state: known.state, alarm: null };
  }
}

function onVoid(known: Known | null): Transition {
  // Voided before it was asked: remembered, so that a prepare that comes later is refused.
  if (known === null) return { state: 'voided', alarm: null };
  return known.state === 'passed' ? { state: 'passed', alarm: 'voidAfterReceipt' } : { state: 'voided', alarm: null };
}

function onReceipt(known: Known | null): Transition {
  if (known === null) return { state: null, alarm: 'receiptForUnknownRecord' };
  switch (known.state) {
    case 'prepared':
      return known.word === 'clear'
        ? { state: 'passed', alarm: null }
        : { state: 'prepared', alarm: 'commitWithoutClear' };
    case 'lapsed':
      return { state: 'passed', alarm: 'commitAfterLapse' };
    case 'voided':
      return { state: 'voided', alarm: 'receiptAfterVoid' };
    case 'committed':
    case 'passed':
      return { state: 'passed', alarm: null };
  }
}
