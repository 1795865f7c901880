import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isEnded, RECORD_STATES, type RecordState } from '../contract/crossing.ts';
import {
  answer,
  asked,
  createControls,
  fakeClock,
  identified,
  opening,
  traveller,
  verified,
} from './crossing.fixture.ts';
import { openedDoc } from './fold.ts';
import type { RecordDoc } from './record-doc.ts';
import type { RecordEvent } from './record-events.ts';
import { nextState, TRANSITIONS } from './transitions.ts';

const who = traveller();
const record = opening(who);
const at = fakeClock().now();
const controls = createControls();
const { recordId } = record;
const body = { side: 'exit', recordId, evidenceDigest: 'a'.repeat(64) } as const;

const EVENTS: readonly Exclude<RecordEvent, { type: 'opened' }>[] = [
  identified(who),
  verified,
  asked(who, record, at),
  { type: 'answered', answer: answer(controls.exit, at, body) },
  { type: 'committed', clearUntil: at.toISOString() },
  { type: 'lastDoorReleased', door: 3, passagesBefore: 0 },
  { type: 'passed', passagesAfter: 1 },
  { type: 'refused', owner: 'exit' },
  { type: 'referred', owner: 'port', code: 'tailgating', checks: [] },
  { type: 'resolved', action: 'sentBack', officer: 'o', reasonCode: 'r' },
  { type: 'abandoned', code: 'walkedBack' },
  { type: 'voided', code: 'didNotPass' },
];

const inState = (state: RecordState, more: Partial<RecordDoc> = {}): RecordDoc => ({
  ...openedDoc(record, at.toISOString()),
  state,
  ...more,
});

describe('transitions', () => {
  test('the table, whole: what each state allows', () => {
    const allowed = Object.fromEntries(
      RECORD_STATES.map((state) => [state, EVENTS.map(({ type }) => type).filter((type) => TRANSITIONS[state][type])]),
    );
    expect(allowed).toEqual({
      open: ['identified', 'referred', 'abandoned'],
      identified: ['verified', 'referred', 'abandoned'],
      verified: ['asked', 'answered', 'refused', 'referred', 'abandoned'],
      prepared: ['committed', 'referred', 'abandoned'],
      committed: ['lastDoorReleased', 'passed', 'referred', 'voided'],
      referred: ['passed', 'resolved', 'voided'],
      passed: [],
      refused: [],
      resolved: [],
      abandoned: [],
      voided: [],
    });
  });

  test('every state that is no end can reach one, and no end is ever left', () => {
    for (const state of RECORD_STATES) {
      const reached = new Set<RecordState>([state]);
      for (const from of reached) for (const next of Object.values(TRANSITIONS[from])) reached.add(next);
      if (isEnded(state)) expect([...reached]).toEqual([state]);
      else expect([...reached].some(isEnded), state).toBe(true);
    }
  });

  test('nothing leads to passed but by way of committed', () => {
    const reached = new Set<RecordState>(['open']);
    for (const from of reached) {
      for (const event of EVENTS) {
        // Without a clearance, whatever is tried.
        const next = nextState(inState(from, { evidenceDigest: body.evidenceDigest, clearance: 'none' }), event);
        if (next !== null && event.type !== 'committed') reached.add(next);
      }
    }
    expect([...reached].sort()).toEqual([
      'abandoned',
      'identified',
      'open',
      'referred',
      'refused',
      'resolved',
      'verified',
    ]);
  });

  test('no event that the table does not list is allowed, in any state', () => {
    for (const state of RECORD_STATES) {
      for (const event of EVENTS) {
        if (TRANSITIONS[state][event.type] !== undefined) continue;
        const doc = inState(state, {
          recordId: randomUUID(),
          clearance: 'standing',
          evidenceDigest: body.evidenceDigest,
        });
        expect(nextState(doc, event), `${event.type} while ${state}`).toBeNull();
      }
    }
  });
});
