import type { Check, RecordState } from '../contract/crossing.ts';
import { isEnded } from '../contract/crossing.ts';
import type { RecordDoc } from './record-doc.ts';
import type { RecordEvent } from './record-events.ts';
import type { OpenRecord } from './store.ts';

/** A new record. `at`: ISO instant of the store's clock. */
export function openedDoc(opening: OpenRecord, at: string): RecordDoc {
  return {
    recordId: opening.recordId,
    laneId: opening.laneId,
    direction: opening.direction,
    state: 'open',
    openedAt: at,
    endedAt: null,
    profileDigest: opening.profileDigest,
    documentDigests: [...new Set(opening.documentDigests)],
    checks: mergeChecks([], opening.checks),
    face: null,
    evidenceDigest: null,
    answers: { exit: null, entry: null },
    clearance: 'none',
    committedAt: null,
    lastDoorRelease: null,
    referral: null,
    endCode: null,
    resolution: null,
    ...(opening.release === undefined ? {} : { releaseOf: opening.release.of }),
  };
}

/**
 * The record after an event that the rules have allowed. The same function writes the rows and, when a journal is
 * verified, says what the rows must be.
 */
export function fold(
  doc: RecordDoc,
  event: Exclude<RecordEvent, { type: 'opened' }>,
  state: RecordState,
  at: string,
): RecordDoc {
  return { ...doc, state, ...(isEnded(state) ? { endedAt: at } : {}), ...changes(doc, event, at) };
}

function changes(doc: RecordDoc, event: Exclude<RecordEvent, { type: 'opened' }>, at: string): Partial<RecordDoc> {
  switch (event.type) {
    case 'identified':
      return {
        profileDigest: event.profileDigest,
        documentDigests: [...new Set([...doc.documentDigests, ...event.documentDigests])],
        checks: mergeChecks(doc.checks, event.checks),
      };
    case 'verified':
      return { face: event.face, checks: mergeChecks(doc.checks, event.checks) };
    case 'asked':
      return { evidenceDigest: event.evidenceDigest, checks: mergeChecks(doc.checks, event.evidence.checks) };
    case 'answered':
      return { answers: { ...doc.answers, [event.answer.body.side]: event.answer } };
    case 'committed':
      return { clearance: 'standing', committedAt: at };
    case 'lastDoorReleased':
      return { lastDoorRelease: { door: event.door, passagesBefore: event.passagesBefore } };
    case 'passed':
      return {};
    case 'refused':
      return { endCode: event.owner };
    case 'referred':
      return {
        referral: { owner: event.owner, code: event.code, at },
        checks: mergeChecks(doc.checks, event.checks),
      };
    case 'resolved':
      return {
        endCode: event.action,
        resolution: { officer: event.officer, reasonCode: event.reasonCode },
        // The officer took the traveller out of the lane: what still stood is taken back on both sides together.
        ...(doc.clearance === 'standing' ? { clearance: 'voided' as const } : {}),
      };
    case 'abandoned':
      return { endCode: event.code };
    case 'voided':
      return { clearance: 'voided', endCode: event.code };
  }
}

/** One outcome a check; the later word stands. */
function mergeChecks(before: readonly Check[], after: readonly Check[]): readonly Check[] {
  const byId = new Map(before.map((check) => [check.id, check]));
  for (const check of after) byId.set(check.id, check);
  return [...byId.values()];
}
