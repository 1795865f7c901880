import type { ControlAnswer } from '../contract/control-protocol.ts';
import {
  type Check,
  type Direction,
  type FaceEvidence,
  isEnded,
  type Owner,
  type RecordState,
  type ReferralCode,
  type Side,
} from '../contract/crossing.ts';
import type { RecordSnapshot } from './store.ts';

/**
 * One joint record in full, as folded from its events. Holds keyed digests, checks, numbers and sealed reasons; never a
 * name, number, MRZ or picture (G6).
 */
export interface RecordDoc {
  readonly recordId: string;
  readonly laneId: string;
  readonly direction: Direction;
  readonly state: RecordState;
  readonly openedAt: string;
  readonly endedAt: string | null;
  readonly profileDigest: string | null;
  readonly documentDigests: readonly string[];
  readonly checks: readonly Check[];
  readonly face: FaceEvidence | null;
  readonly evidenceDigest: string | null;
  readonly answers: Readonly<Record<Side, ControlAnswer | null>>;
  /** Exit and entry are recorded together (`standing`) and taken back together (`voided`), never one of them (G2). */
  readonly clearance: 'none' | 'standing' | 'voided';
  readonly committedAt: string | null;
  readonly lastDoorRelease: { readonly door: number; readonly passagesBefore: number } | null;
  readonly referral: { readonly owner: Owner; readonly code: ReferralCode; readonly at: string } | null;
  /** Which side refused, the abandon or void code, or the officer's action. */
  readonly endCode: string | null;
  readonly resolution: { readonly officer: string; readonly reasonCode: string } | null;
  /** The record that this one goes on from, by a release. */
  readonly releaseOf?: string;
}

/** What callers of the store see of it. */
export function snapshotOf(doc: RecordDoc): RecordSnapshot {
  const { recordId, laneId, direction, state, openedAt, endedAt, checks, face, answers, evidenceDigest } = doc;
  return {
    recordId,
    laneId,
    direction,
    state,
    openedAt,
    endedAt,
    checks,
    face,
    answers: { exit: answers.exit, entry: answers.entry },
    evidenceDigest,
    lastDoorRelease: doc.lastDoorRelease,
    clearance: doc.clearance,
    referral: doc.referral === null ? null : { owner: doc.referral.owner, code: doc.referral.code },
    ...(doc.releaseOf === undefined ? {} : { releaseOf: doc.releaseOf }),
  };
}

/**
 * Of a record that ended without a commit: whether this side said `clear`, or was asked and may have said it to a lane that never
 * heard. It is told `void`, so that it gives back at once what it set aside (an entry, a quota) and the next try is not refused for it.
 */
export function mayHoldAClear(doc: RecordDoc, side: Side): boolean {
  if (!isEnded(doc.state) || doc.clearance !== 'none' || doc.evidenceDigest === null) return false;
  const answer = doc.answers[side];
  return answer === null || answer.body.word === 'clear';
}
