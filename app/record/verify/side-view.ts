import type { ControlAnswer } from '../../contract/control-protocol.ts';
import { type ControlWord, otherSide, type Side } from '../../contract/crossing.ts';
import { canonicalBytes } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import type { RecordDoc } from '../record-doc.ts';

/** A record as one side may take it home: everything shared, its own answer whole, of the other's answer only the word. */
export interface SideRecord
  extends Pick<
    RecordDoc,
    | 'recordId'
    | 'laneId'
    | 'direction'
    | 'state'
    | 'openedAt'
    | 'endedAt'
    | 'checks'
    | 'face'
    | 'evidenceDigest'
    | 'clearance'
    | 'committedAt'
    | 'endCode'
    | 'releaseOf'
  > {
  readonly side: Side;
  readonly referral: Omit<NonNullable<RecordDoc['referral']>, 'at'> | null;
  /** With this side's reason, sealed to its own key. */
  readonly ownAnswer: ControlAnswer | null;
  /** The digest is the one the receipt names; the other side's reason is not given, not even sealed (G5). */
  readonly otherAnswer: { readonly word: ControlWord; readonly digest: string } | null;
  /** The officer's action on a referral, unless it was the other side's. */
  readonly resolution: RecordDoc['resolution'];
  readonly receipt: unknown;
}

type Seen = Omit<RecordDoc, 'profileDigest' | 'documentDigests' | 'referral' | 'lastDoorRelease'> & {
  readonly referral: SideRecord['referral'];
};

export function sideView(doc: Seen, side: Side, receipt: unknown): SideRecord {
  const { recordId, laneId, direction, state, openedAt, endedAt, checks, face, evidenceDigest } = doc;
  const { clearance, committedAt, referral, endCode } = doc;
  const other = otherSide(side);
  const theirs = doc.answers[other];
  return {
    side,
    ...{ recordId, laneId, direction, state, openedAt, endedAt, checks, face, evidenceDigest },
    ...{ clearance, committedAt, referral, endCode },
    ...(doc.releaseOf === undefined ? {} : { releaseOf: doc.releaseOf }),
    ownAnswer: doc.answers[side],
    otherAnswer: theirs === null ? null : { word: theirs.body.word, digest: sha256Hex(canonicalBytes(theirs)) },
    resolution: referral?.owner === other ? null : doc.resolution,
    receipt,
  };
}
