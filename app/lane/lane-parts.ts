import type { FittedDevices } from '../../native-bridge/devices/fitted-devices.ts';
import type { DoorState } from '../../native-bridge/ports/lane-controller.ts';
import type { DiagnosticsView } from '../contract/diagnostics-view.ts';
import type { SupervisorView } from '../contract/supervisor-view.ts';
import type { CameraMode, TravellerView } from '../contract/traveller-view.ts';
import type { DayFigures } from '../record/store.ts';
import type { Closure } from './closure.ts';
import type { CrossingReport, CrossingRun } from './crossing-run.ts';
import type { CrossingServices } from './crossing-services.ts';
import type { LaneReversal } from './lane-heading.ts';
import type { ReasonReaders } from './open-referral.ts';
import type { ReferralList } from './referral-list.ts';
import type { ReferralMaterials } from './referral-material.ts';
import type { Service } from './service.ts';

/** Milliseconds. */
export interface LaneDelays {
  readonly showEnd: number;
  readonly cameraProbe: number;
  readonly cameraLook: number;
  /** Between two tries to write again after the store failed. */
  readonly storeRetry: number;
  /** Time for the devices to answer after the start. */
  readonly deviceStart: number;
}

/** What the composition root gives a lane. */
export interface LaneParts {
  readonly services: Omit<CrossingServices, 'onStoreFailed' | 'onSoftwareFault' | 'untilTold'>;
  /** Everything the profile says is fitted, watched. */
  readonly devices: FittedDevices;
  readonly readers: ReasonReaders;
  /** Pictures and notes of referrals, sealed to their side. */
  readonly materials?: ReferralMaterials;
  /** Whether an officer has closed the lane, over restarts. */
  readonly closure: Closure;
  /** Lets the lane work without its hub until one answers again; null where the lane's file is the home, or the policy is to stay closed. */
  readonly allowLaneOnly: ((officer: string) => Promise<boolean>) | null;
  /** Null: the lane is fitted for one direction only. `reopen`: the process opens it anew. */
  readonly reversal?: { readonly to: LaneReversal; readonly reopen: () => void } | null;
  readonly portKey: Uint8Array;
  /** A document that only ever tests the lane: in service it opens no record and no door. */
  readonly isTestDocument: (digest: string) => boolean;
  /** IANA name, e.g. `Asia/Macau`: which day it is at the port. */
  readonly timeZone: string;
  /** The traveller's screen has its low layout, or has it no more. */
  readonly onLowPosition: (low: boolean) => void;
  readonly delays: LaneDelays;
  /** How often the process was started before this time, as its supervisor counts. */
  readonly restarts: number;
}

export interface LaneListener {
  onTravellerView(view: TravellerView): void;
  onSupervisorView(view: SupervisorView): void;
  onDiagnosticsView?(view: DiagnosticsView): void;
  /** Each crossing, when the lane is empty again. */
  onCrossing(report: CrossingReport): void;
}

/** What the lane's parts know in common. Each field has one writer: the lane. */
export interface LaneState {
  readonly service: Service;
  readonly referrals: ReferralList;
  run: CrossingRun | null;
  doors: readonly DoorState[];
  figures: DayFigures | null;
  camera: CameraMode;
}
