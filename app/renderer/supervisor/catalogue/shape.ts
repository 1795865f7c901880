import type { AuditEventId, Severity } from '../../../contract/audit-events.ts';
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
import type { ReferralView, SupervisorView, Viewer } from '../../../contract/supervisor-view.ts';
import type { STATIONS, TravellerStep } from '../../../contract/traveller-view.ts';
import type { ResolutionReason } from '../referral/resolution-reasons.ts';

type Texts<Key extends string> = Readonly<Record<Key, string>>;

/** Every text of the console. All languages have the same shape: a missing text does not compile. */
export type SupervisorCatalogue = {
  readonly title: string;
  readonly noLaneYet: string;
  readonly viewers: Texts<Viewer>;
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
    | 'track'
  >;
  readonly stations: Texts<(typeof STATIONS)[number]>;
  readonly steps: Texts<TravellerStep>;
  /** What keeps a lane out of service; codes the console does not know are shown as they are. */
  readonly serviceReasons: Texts<
    | 'starting'
    | 'scannerLost'
    | 'chipReaderLost'
    | 'laneControllerLost'
    | 'emergency'
    | 'modelRefused'
    | 'recoveryPending'
    | 'laneToBeChecked'
    | 'closedByOfficer'
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
  readonly alarms: Texts<'title' | 'none' | 'acknowledge' | 'count'>;
  readonly events: Texts<AuditEventId>;
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
    | 'openFailed'
    | 'unplugged'
    | 'silent'
    | 'garbled'
    | 'writeFailed'
    | 'flapping'
    | 'noChipReader'
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
  >;
  readonly themeButton: string;
  readonly languageButton: string;
};
