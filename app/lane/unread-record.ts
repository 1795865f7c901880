import type { Check, Direction, FaceEvidence, Side } from '../contract/crossing.ts';
import type { SideAnswer } from '../controls/ask.ts';
import type { RecordSnapshot } from '../record/store.ts';

export interface KnownOfRecord {
  readonly recordId: string;
  readonly laneId: string;
  readonly direction: Direction;
  readonly openedAt: string;
  readonly checks: readonly Check[];
  readonly face: FaceEvidence | null;
  readonly answers: Readonly<Record<Side, SideAnswer | null>>;
}

/** What a crossing knows of its record, for the officer of somebody held while the record cannot be read. */
export function unreadRecord({ answers, ...known }: KnownOfRecord): RecordSnapshot {
  const answerOf = (side: Side): RecordSnapshot['answers'][Side] => {
    const answer = answers[side];
    return answer?.ok === true ? answer.value : null;
  };
  return {
    ...known,
    state: 'open',
    endedAt: null,
    answers: { exit: answerOf('exit'), entry: answerOf('entry') },
    evidenceDigest: null,
    lastDoorRelease: null,
    clearance: 'none',
    referral: null,
  };
}
