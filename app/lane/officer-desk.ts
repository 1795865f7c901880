import type { ControlAnswer } from '../contract/control-protocol.ts';
import { type Owner, otherSide, type ReferralCode, type Side } from '../contract/crossing.ts';
import type { ReferralView, SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import type { SideAnswer } from '../controls/ask.ts';
import type { ReasonReader } from '../controls/control.ts';
import type { RecordSnapshot } from '../record/store.ts';

type SideAnswerView = SupervisorView['answers'][number];
export type ReasonReaders = Readonly<Record<Side, ReasonReader>>;

/** Which side's reasons a viewer may read: its own, and the port's officers none (G5). */
export function sideOf(viewer: Viewer): Side | null {
  return viewer === 'exitOfficer' ? 'exit' : viewer === 'entryOfficer' ? 'entry' : null;
}

/** A referral belongs to the side that caused it; the port's to any officer. A side can never act for the other. */
export function mayAct(viewer: Viewer, owner: Owner): boolean {
  return owner === 'port' || sideOf(viewer) === owner;
}

export function answerViews(
  answers: Readonly<Record<Side, ControlAnswer | SideAnswer | null>>,
  viewer: Viewer,
  readers: ReasonReaders,
): SideAnswerView[] {
  return (['exit', 'entry'] as const).map((side) => answerView(side, answers[side], viewer, readers));
}

function answerView(
  side: Side,
  given: ControlAnswer | SideAnswer | null,
  viewer: Viewer,
  readers: ReasonReaders,
): SideAnswerView {
  if (given === null) return { side, word: 'waiting', reason: null };
  if ('ok' in given && !given.ok)
    return { side, word: given.error.code === 'controlAnswerInvalid' ? 'invalid' : 'noAnswer', reason: null };
  const answer = 'ok' in given ? given.value : given;
  const { word } = answer.body;
  if (sideOf(viewer) !== side || word === 'clear') return { side, word, reason: null };
  const reason = readers[side].open(answer);
  return { side, word, reason: reason.ok ? reason.value.code : null };
}

export interface OpenReferral {
  readonly record: RecordSnapshot;
  readonly owner: Owner;
  readonly code: ReferralCode;
  readonly place: ReferralView['place'];
}

export function referralView(
  { record, owner, code, place }: OpenReferral,
  viewer: Viewer,
  readers: ReasonReaders,
): ReferralView {
  return {
    recordId: record.recordId,
    owner,
    code,
    since: record.endedAt ?? record.openedAt,
    place,
    checks: record.checks.map((check) => hideOther(check, viewer)),
    answers: answerViews(record.answers, viewer, readers),
    actions: mayAct(viewer, owner)
      ? place === 'outside'
        ? ['handedToManualLane']
        : ['sentBack', 'handedToManualLane']
      : [],
  };
}

/** The other control's check keeps its word only. */
function hideOther(check: ReferralView['checks'][number], viewer: Viewer): ReferralView['checks'][number] {
  const own = sideOf(viewer);
  const hidden = own === null ? null : `${otherSide(own)}Control`;
  return check.id === hidden && check.reason !== null ? { ...check, reason: null } : check;
}
