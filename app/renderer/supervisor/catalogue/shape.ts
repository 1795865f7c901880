import type { AlarmEventId, AuditEventId, Severity } from '../../../contract/audit-events.ts';
import type {
  AbandonCode,
  Check,
  CheckId,
  Owner,
  RecordState,
  ReferralCode,
  ResolutionAction,
  Side,
  VoidCode,
} from '../../../contract/crossing.ts';
import type { DecisionCode } from '../../../contract/decision-codes.ts';
import type { OfficerRole } from '../../../contract/officer-account.ts';
import type { CHART_STEPS, ConsoleError } from '../../../contract/supervisor-console.ts';
import type { ReferralView, SupervisorAction, SupervisorView, Viewer } from '../../../contract/supervisor-view.ts';
import type { STATIONS, TravellerStep } from '../../../contract/traveller-view.ts';
import type { Page } from '../console/pages.ts';
import type { ResolutionReason } from '../referral/resolution-reasons.ts';

type Texts<Key extends string> = Readonly<Record<Key, string>>;

/** Every text of the console. All languages have the same shape: a missing text does not compile. */
export type SupervisorCatalogue = {
  readonly title: string;
  readonly noLaneYet: string;
  readonly viewers: Texts<Viewer>;
  /** Beside the role of an exit or entry officer whom no administrator has bound to an authority. */
  readonly noAuthority: string;
  readonly lookAs: string;
  readonly figures: Texts<
    | 'title'
    | 'passed'
    | 'withoutOfficer'
    | 'median'
    | 'p95'
    | 'waiting'
    | 'refused'
    | 'referred'
    | 'abandoned'
    | 'voided'
  >;
  readonly lane: Texts<
    | 'title'
    | 'inService'
    | 'outOfService'
    | 'inStep'
    | 'crossing'
    | 'noCrossing'
    | 'doors'
    | 'devices'
    | 'open'
    | 'openNote'
    | 'close'
    | 'closeNote'
    | 'block'
    | 'blockNote'
    | 'unblock'
    | 'unblockNote'
    | 'emergency'
    | 'emergencyNote'
    | 'goAlone'
    | 'goAloneNote'
    | 'reverse'
    | 'reverseNote'
    | 'track'
  >;
  readonly stations: Texts<(typeof STATIONS)[number]>;
  readonly steps: Texts<TravellerStep>;
  /** What keeps a lane out of service; codes the console does not know are shown as they are. */
  readonly serviceReasons: Texts<
    | 'starting'
    | 'scannerLost'
    | 'chipReaderLost'
    | 'faceCameraLost'
    | 'hubAway'
    | 'controlKeysUnknown'
    | 'laneControllerLost'
    | 'emergency'
    | 'modelRefused'
    | 'recoveryPending'
    | 'laneToBeChecked'
    | 'closedByOfficer'
    | 'blockedByOfficer'
    | 'softwareFault'
    | 'diagnostics'
    | 'settingsInvalid'
  >;
  readonly recordStates: Texts<RecordState>;
  readonly doorStates: Texts<SupervisorView['doors'][number]['state']>;
  /** Names of the devices every lane has; others are shown by their own name. */
  readonly deviceNames: Texts<
    | 'scanner'
    | 'chipReader'
    | 'documentScanner'
    | 'laneController'
    | 'camera'
    | 'faceCamera'
    | 'cameraLight'
    | 'cameraTilt'
    | 'indicator'
    | 'faceEngine'
    | 'record'
    | 'recordStore'
  >;
  readonly deviceStates: Texts<SupervisorView['devices'][number]['state']>;
  readonly sides: Texts<Side>;
  readonly owners: Texts<Owner>;
  readonly words: Texts<ReferralView['answers'][number]['word']>;
  readonly reasonHidden: string;
  readonly severities: Texts<Severity>;
  readonly alarms: Texts<'title' | 'none' | 'acknowledge' | 'count' | 'watchlist' | 'advice'>;
  readonly events: Texts<AuditEventId>;
  /** What an officer does about an alarm. */
  readonly alarmAdvice: Texts<AlarmEventId>;
  readonly timeline: Texts<'title' | 'none'>;
  readonly referral: Texts<
    | 'title'
    | 'none'
    | 'noneHelp'
    | 'waitingFor'
    | 'next'
    | 'position'
    | 'checks'
    | 'answers'
    | 'chooseReason'
    | 'reasonFirst'
    | 'notYours'
    | 'onlyLooking'
    | 'portrait'
    | 'live'
    | 'noPicture'
    | 'note'
    | 'noteHint'
    | 'addNote'
    | 'keep'
    | 'kept'
    | 'walkingBack'
  >;
  /** The dialogue in which one or two officers of a side release a traveller. */
  readonly release: Texts<
    'title' | 'open' | 'openTwo' | 'explain' | 'explainTwo' | 'yourPin' | 'second' | 'hold' | 'cancel' | 'checking'
  >;
  readonly referralCodes: Texts<ReferralCode>;
  readonly places: Texts<ReferralView['place']>;
  readonly codes: Texts<
    | AbandonCode
    | VoidCode
    | Exclude<DecisionCode, 'eligible'>
    | 'tooLong'
    | 'notAscii'
    | 'cut'
    | 'lineCount'
    | 'doubled'
    | 'badReply'
    | 'door'
    | 'forward'
    | 'backward'
    | 'openFailed'
    | 'unplugged'
    | 'silent'
    | 'garbled'
    | 'writeFailed'
    | 'flapping'
    | 'noChipReader'
    | 'expired'
    | 'noRevocationList'
    | 'engineTimedOut'
    | 'movedAsAsked'
    | 'depthCameraLive'
    | 'depthCameraNoFace'
    | 'depthCameraSilent'
    | 'depthCameraSpoof'
  >;
  readonly checks: Texts<CheckId>;
  readonly outcomes: Texts<Check['outcome']>;
  readonly actions: Texts<ResolutionAction>;
  readonly actionNotes: Texts<ResolutionAction>;
  readonly reasons: Texts<ResolutionReason>;
  readonly shortcuts: Texts<
    | 'title'
    | 'close'
    | 'viewer'
    | 'alarms'
    | 'acknowledge'
    | 'referral'
    | 'reason'
    | 'actions'
    | 'service'
    | 'theme'
    | 'language'
    | 'help'
    | 'pages'
    | 'keep'
    | 'release'
    | 'note'
    | 'missed'
    | 'session'
    | 'doors'
    | 'goAlone'
    | 'reverse'
  >;
  readonly roles: Texts<OfficerRole>;
  readonly signIn: Texts<
    | 'title'
    | 'number'
    | 'pin'
    | 'newPin'
    | 'again'
    | 'differ'
    | 'choose'
    | 'submit'
    | 'unlock'
    | 'locked'
    | 'otherOfficer'
    | 'checking'
    | 'lock'
    | 'signOut'
    | 'noOfficers'
    | 'askAdministrator'
    | 'waitSeconds'
  > & { readonly ended: Texts<'idle' | 'tooLong' | 'accountClosed'> };
  /** Why something was not done: what happened, and what to do. */
  readonly errors: Texts<ConsoleError['code']>;
  readonly errorBy: string;
  readonly connection: Texts<'lost'>;
  readonly missed: Texts<'text' | 'seen'>;
  readonly pages: Texts<Page | 'title'>;
  readonly done: Texts<Exclude<SupervisorAction['type'], 'acknowledgeAlarm'>>;
  readonly query: Texts<
    | 'from'
    | 'to'
    | 'lane'
    | 'allLanes'
    | 'outcome'
    | 'anyOutcome'
    | 'issuer'
    | 'document'
    | 'documentNote'
    | 'search'
    | 'found'
    | 'notYet'
    | 'nothing'
    | 'opened'
    | 'why'
    | 'took'
    | 'record'
    | 'more'
    | 'event'
    | 'anyEvent'
    | 'severity'
    | 'anySeverity'
    | 'read'
    | 'saveCsv'
    | 'saved'
    | 'at'
    | 'owner'
    | 'facts'
  >;
  readonly charts: Texts<'show' | 'throughput' | 'outcome' | 'time' | 'waiting' | 'steps' | 'step'> & {
    readonly stepNames: Texts<(typeof CHART_STEPS)[number]>;
  };
  readonly wall: Texts<'title' | 'summary' | 'away' | 'referrals'>;
  readonly themeButton: string;
  readonly languageButton: string;
};
