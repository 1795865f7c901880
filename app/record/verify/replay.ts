import { isEnded } from '../../contract/crossing.ts';
import { checkClearance } from '../clearance-check.ts';
import { claimsOf } from '../consequences.ts';
import { evidenceFlaw } from '../evidence-check.ts';
import { fold, openedDoc } from '../fold.ts';
import type { JournalHead } from '../journal.ts';
import type { RecordDoc } from '../record-doc.ts';
import { type RecordEvent, recordEventSchema } from '../record-events.ts';
import { nextState } from '../transitions.ts';
import type { Report } from './findings.ts';
import type { KeyRing } from './public-keys.ts';

/** A control's clock may have run ahead of the lane's by as much as the lane was told to bear; the auditor bears this. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Whoever is released stands there still: longer than this no end is kept in mind. */
const RELEASE_WITHIN_MS = 60 * 60_000;

export interface ReplayEntry extends JournalHead {
  readonly at: string;
  readonly type: string;
  readonly recordId: string | null;
  readonly payload: unknown;
}

/** A record as the journal tells it, and the entry that changed it last. */
export interface Replayed {
  readonly doc: RecordDoc;
  readonly last: JournalHead;
}

export interface Replay {
  push(entry: ReplayEntry): void;
  /** Records without an end. */
  live(): Iterable<Replayed>;
  /** Documents and profiles that live records hold. */
  claims(): ReadonlyMap<string, string>;
}

/**
 * Lives every record again by the same rules that wrote it: each transition allowed, each commit justified by two
 * signed clears (G1), no document twice alive (G3). `onEnded` is told each record as it ends, so that a journal of
 * millions needs memory for the live ones only. `begunBefore` says which records began in the part that retention erased.
 */
export function replay(
  keys: KeyRing,
  report: Report,
  onEnded: (record: Replayed) => void,
  begunBefore: (recordId: string) => boolean,
): Replay {
  const live = new Map<string, Replayed>();
  const late = lateEnds();
  const claims = new Map<string, string>();

  const namesOf = (doc: RecordDoc) => claimsOf(doc).map(({ kind, digest }) => `${kind} ${digest}`);
  const claim = (doc: RecordDoc, seq: number): void => {
    for (const name of namesOf(doc)) {
      const holder = claims.get(name);
      if (holder !== undefined && holder !== doc.recordId) report('doubleClaim', { seq, recordId: doc.recordId });
      claims.set(name, doc.recordId);
    }
  };
  const release = (doc: RecordDoc): void => {
    for (const name of namesOf(doc)) if (claims.get(name) === doc.recordId) claims.delete(name);
  };

  return {
    live: () => live.values(),
    claims: () => claims,
    push: (entry) => {
      const { seq, recordId } = entry;
      const event = eventOf(entry);
      if (event === null || recordId === null) {
        report('entryUnknown', { seq, recordId, detail: entry.type });
        return;
      }
      const before = live.get(recordId)?.doc;
      if (before === undefined && event.type !== 'opened' && begunBefore(recordId)) return;
      const doc = step(before, event, entry, report, keys);
      if (doc === null) return;
      const from = event.type === 'opened' ? doc.releaseOf : undefined;
      if (from !== undefined && (live.has(from) || !late.letsGoOn(from)))
        report('illegalTransition', { seq, recordId, detail: 'released from a record that had stopped nobody' });
      claim(doc, seq);
      const record = { doc, last: { seq, hash: entry.hash } };
      if (!isEnded(doc.state)) {
        live.set(recordId, record);
        return;
      }
      live.delete(recordId);
      release(doc);
      late.ended(doc, entry.at);
      onEnded(record);
    },
  };
}

/** What became lately of which record: officers release somebody only from one that was refused, or resolved by a release. */
function lateEnds(): {
  ended(doc: RecordDoc, at: string): void;
  /** Whether somebody may go on from it, who then has; a record that this journal does not know of may be another store's. */
  letsGoOn(recordId: string): boolean;
} {
  /** The oldest first. */
  const ends = new Map<string, { readonly ms: number; readonly stopped: boolean }>();
  return {
    ended: ({ recordId, state, endCode }, at) => {
      const ms = Date.parse(at);
      ends.set(recordId, { ms, stopped: state === 'refused' || (state === 'resolved' && endCode === 'released') });
      for (const [id, end] of ends) {
        if (ms - end.ms <= RELEASE_WITHIN_MS) break;
        ends.delete(id);
      }
    },
    letsGoOn: (recordId) => {
      const end = ends.get(recordId);
      if (end === undefined) return true;
      ends.set(recordId, { ...end, stopped: false });
      return end.stopped;
    },
  };
}

function eventOf({ type, payload }: ReplayEntry): RecordEvent | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const event = recordEventSchema.safeParse({ ...payload, type });
  return event.success ? event.data : null;
}

function step(
  before: RecordDoc | undefined,
  event: RecordEvent,
  { seq, at, recordId }: ReplayEntry,
  report: Report,
  keys: KeyRing,
): RecordDoc | null {
  const illegal = (detail: string): null => {
    report('illegalTransition', { seq, recordId, detail });
    return null;
  };
  if (event.type === 'opened') {
    if (before !== undefined || event.opening.recordId !== recordId) return illegal('opened');
    return openedDoc(event.opening, at);
  }
  if (before === undefined) return illegal(`${event.type} of no live record`);
  const state = nextState(before, event);
  if (state === null) return illegal(`${event.type} while ${before.state}`);
  const flaw = event.type === 'asked' ? evidenceFlaw(before, event) : null;
  if (flaw !== null) return illegal(flaw);
  if (event.type === 'committed') {
    const clear = checkClearance(before, { keys, nowMs: Date.parse(at), clockToleranceMs: CLOCK_TOLERANCE_MS });
    const reason = clear.ok ? (clear.value === event.clearUntil ? null : 'clearUntil') : clear.error;
    if (reason !== null) report('commitUnjustified', { seq, recordId, detail: reason });
  }
  return fold(before, event, state, at);
}
