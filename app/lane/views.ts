import type { HealthReport } from '../../native-bridge/devices/device-health.ts';
import type { DoorState } from '../../native-bridge/ports/lane-controller.ts';
import type { Direction, Topology } from '../contract/crossing.ts';
import type { Alarm, SupervisorView, TimelineEntry, Viewer } from '../contract/supervisor-view.ts';
import type { TravellerView } from '../contract/traveller-view.ts';
import type { DayFigures } from '../record/store.ts';
import type { CrossingRun } from './crossing-run.ts';
import type { Diary } from './diary.ts';
import { answerViews, referralView, silentRecords } from './officer-desk.ts';
import type { OpenReferral, ReasonReaders } from './open-referral.ts';
import { isIdle } from './reverse-lane.ts';
import type { Service } from './service.ts';

export type ShownToTraveller = Pick<
  TravellerView,
  'step' | 'stationsReached' | 'hint' | 'documentAdvice' | 'warnSecondsLeft'
>;

interface Common extends ShownToTraveller, Pick<TravellerView, 'laneId' | 'sequence'> {
  readonly direction: Direction;
  readonly topology: Topology;
  readonly since: string;
}

export function travellerView(input: Common & Pick<TravellerView, 'camera' | 'suggestedLanguage'>): TravellerView {
  const { step, stationsReached, hint, documentAdvice, warnSecondsLeft } = input;
  const { camera, suggestedLanguage, direction, laneId, sequence } = input;
  return {
    step,
    stationsReached,
    hint,
    documentAdvice,
    warnSecondsLeft,
    camera,
    suggestedLanguage,
    direction,
    laneId,
    sequence,
  };
}

export interface SupervisorInput extends Common {
  readonly viewer: Viewer;
  readonly service: Service;
  readonly run: CrossingRun | null;
  readonly referrals: readonly OpenReferral[];
  readonly readers: ReasonReaders;
  readonly doors: readonly DoorState[];
  readonly devices: readonly HealthReport[];
  readonly diary: Diary;
  readonly figures: DayFigures | null;
  /** The policy knows an officer's consent to go on without the hub. */
  readonly laneOnlyKnown: boolean;
  /** The lane is fitted for both directions. */
  readonly reversible: boolean;
}

const NO_FIGURES: DayFigures = {
  opened: 0,
  passed: 0,
  refused: 0,
  referred: 0,
  abandoned: 0,
  voided: 0,
  medianMs: null,
  p95Ms: null,
};

/** Everything one viewer may see, and nothing else: made apart for each viewer, so that no screen has to hide anything. */
export function supervisorView(input: SupervisorInput): SupervisorView {
  const { viewer, service, run, readers, diary } = input;
  const silent = silentRecords(
    input.referrals.map(({ record }) => record),
    viewer,
    readers,
  );
  return {
    laneId: input.laneId,
    viewer,
    direction: input.direction,
    topology: input.topology,
    inService: service.inService,
    outOfServiceReasons: [...service.reasons],
    mayGoAlone: input.laneOnlyKnown && service.has('hubAway'),
    ...(input.reversible && viewer === 'portSupervisor' && isIdle(input, input.referrals)
      ? { mayReverse: true as const }
      : {}),
    step: input.step,
    stationsReached: input.stationsReached,
    stepSince: input.since,
    record: run === null ? null : { recordId: run.recordId, state: recordStateOf(run) },
    answers: run === null ? [] : answerViews(run.answers, viewer, readers),
    doors: input.doors.map((door) => ({
      door: door.door,
      state: doorStateOf(door, !service.has('laneControllerLost')),
    })),
    devices: devicesOf(input),
    alarms: diary.alarms
      .filter((alarm) => alarm.owner === 'port' || ownerSees(viewer, alarm.owner))
      .slice(-200)
      .map((alarm) => (isSilent(alarm, silent) ? { ...alarm, silent: true } : alarm)),
    referrals: input.referrals.map((referral) => referralView(referral, viewer, readers)).slice(0, 50),
    timeline: diary.timeline.slice(-100).map((entry) => withoutOthersDetail(entry, viewer)),
    today: input.figures ?? NO_FIGURES,
    sequence: input.sequence,
  };
}

function isSilent({ event, recordId }: Alarm, silent: ReadonlySet<string>): boolean {
  const told = event === 'crossingReferred' || event === 'crossingRefused';
  return told && recordId !== null && silent.has(recordId);
}

/** What happened is for everybody; the detail of a side's own matter is that side's (G5). */
function withoutOthersDetail(entry: TimelineEntry, viewer: Viewer): TimelineEntry {
  return entry.owner === 'port' || ownerSees(viewer, entry.owner) ? entry : { ...entry, detail: null };
}

function ownerSees(viewer: Viewer, owner: 'exit' | 'entry'): boolean {
  return viewer === 'portSupervisor' || viewer === `${owner}Officer`;
}

function doorStateOf(door: DoorState, known: boolean): SupervisorView['doors'][number]['state'] {
  if (!known) return 'unknown';
  if (door.errorBits !== 0) return 'fault';
  return door.open ? 'open' : 'shut';
}

function devicesOf({ service, devices }: SupervisorInput): SupervisorView['devices'] {
  const faceDown = service.has('faceEngineFailed') || service.has('modelRefused');
  const state = (ready: boolean): 'ready' | 'lost' => (ready ? 'ready' : 'lost');
  return [
    ...devices.map(({ device, state: found, reason }) => ({
      name: device,
      state: found === 'ready' || found === 'starting' ? found : ('lost' as const),
      detail: reason,
    })),
    { name: 'camera', state: state(!service.has('cameraFailed')), detail: null },
    { name: 'faceEngine', state: state(!faceDown), detail: null },
    { name: 'record', state: state(!service.has('storeFailed')), detail: null },
  ];
}

/** The record's state as the crossing stands; the store's word is in the journal. */
function recordStateOf(run: CrossingRun): NonNullable<SupervisorView['record']>['state'] {
  const { snapshot } = run;
  const { ending, answers } = snapshot.context;
  if (ending !== null && !snapshot.matches('settling')) return ending.state;
  if (snapshot.matches('opening') || snapshot.matches('identifying')) return 'open';
  if (snapshot.matches('entering') || snapshot.matches('verifying')) return 'identified';
  if (snapshot.matches('leaving') || snapshot.matches('settling')) return 'committed';
  return answers.exit === 'clear' && answers.entry === 'clear' ? 'prepared' : 'verified';
}
