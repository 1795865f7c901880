import type { ControlAnswer } from '../contract/control-protocol.ts';
import type { Owner, Side } from '../contract/crossing.ts';
import type { ReferralView, SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import type { SideAnswer } from '../controls/ask.ts';
import type { RecordSnapshot } from '../record/store.ts';
import type { OpenReferral, ReasonReaders } from './open-referral.ts';
import { releaseNeeds } from './release-rules.ts';

type SideAnswerView = SupervisorView['answers'][number];

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

export function referralView(referral: OpenReferral, viewer: Viewer, readers: ReasonReaders): ReferralView {
  const { record, owner, code, place, kept, material, standing, walkingBack } = referral;
  const needs = standing && sideOf(viewer) === owner ? releaseNeeds(referral, readers) : null;
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
    // Sealed to the owning side: for everybody else there is nothing.
    material: sideOf(viewer) === owner ? material : 0,
    kept,
    ...(needs === null ? {} : { release: { officers: needs.officers } }),
    ...(walkingBack ? { walkingBack } : {}),
  };
}

/** Records whose referral or refusal rests on a silent reason of the viewer's own side: a watchlist, told to nobody else. */
export function silentRecords(
  records: readonly Pick<RecordSnapshot, 'recordId' | 'answers'>[],
  viewer: Viewer,
  readers: ReasonReaders,
): ReadonlySet<string> {
  const side = sideOf(viewer);
  if (side === null) return new Set();
  return new Set(
    records.flatMap(({ recordId, answers }) => {
      const answer = answers[side];
      if (answer === null || answer.body.reason === null) return [];
      const reason = readers[side].open(answer);
      return reason.ok && reason.value.silent ? [recordId] : [];
    }),
  );
}

/** A control's check keeps its word for everybody; the reason behind it is for its own side's officers only. */
function hideOther(check: ReferralView['checks'][number], viewer: Viewer): ReferralView['checks'][number] {
  if (check.id !== 'exitControl' && check.id !== 'entryControl') return check;
  const own = sideOf(viewer);
  return (own !== null && check.id === `${own}Control`) || check.reason === null ? check : { ...check, reason: null };
}
