import type { ControlReason } from '../contract/control-protocol.ts';
import type { CheckId, ReferralCode, Side } from '../contract/crossing.ts';
import type { OpenReferral, ReasonReaders } from './open-referral.ts';

/** What the lane referred because a face could not be compared, or was not alike: an officer compares it. */
const ON_FACE: ReadonlySet<ReferralCode> = new Set([
  'faceNotMatched',
  'spoofSuspected',
  'severalFaces',
  'noFace',
  'faceTimeout',
]);
const OF_CONTROL: ReadonlySet<ReferralCode> = new Set([
  'exitControlReferred',
  'entryControlReferred',
  'exitControlRefused',
  'entryControlRefused',
]);
const FACE_CHECKS: readonly CheckId[] = ['faceQuality', 'presentationAttack', 'faceMatch'];
const OF_SIDES: readonly CheckId[] = ['exitControl', 'entryControl'];

export interface ReleaseNeeds {
  readonly side: Side;
  /** How many different officers of the side it takes. */
  readonly officers: 1 | 2;
  /** What they see of their own control's reason; null: the lane had referred. */
  readonly reason: ControlReason | null;
  /** The lane's own checks that they answer for. */
  readonly checks: readonly CheckId[];
}

/** A control whose reason can't be read may have a watchlist behind it. */
const UNREADABLE: ControlReason = { code: 'unreadable', rule: 'unreadable', silent: true };

/**
 * What releasing this referral takes, or null where nobody may: faults, several people, duplicates, answers that never came,
 * whatever is the port's own. Whether somebody stands there to be released is asked of the crossing (`OpenReferral.standing`).
 */
export function releaseNeeds(
  { record, owner, code }: Pick<OpenReferral, 'record' | 'owner' | 'code'>,
  readers: ReasonReaders,
): ReleaseNeeds | null {
  if (owner === 'port' || record.clearance !== 'none') return null;
  const lane = { side: owner, reason: null } as const;
  if (ON_FACE.has(code)) return { ...lane, officers: code === 'spoofSuspected' ? 2 : 1, checks: FACE_CHECKS };
  if (code === 'documentCheckFailed') {
    const failed = record.checks.filter(({ id, outcome }) => outcome === 'failed' && !OF_SIDES.includes(id));
    return { ...lane, officers: 1, checks: failed.length === 0 ? FACE_CHECKS : failed.map(({ id }) => id) };
  }
  const answer = record.answers[owner];
  if (!OF_CONTROL.has(code) || answer === null) return null;
  const read = readers[owner].open(answer);
  const reason = read.ok ? read.value : UNREADABLE;
  return { side: owner, officers: answer.body.word === 'refuse' || reason.silent ? 2 : 1, reason, checks: [] };
}
