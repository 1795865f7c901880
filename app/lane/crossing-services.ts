import type { LaneController } from '../../native-bridge/ports/lane-controller.ts';
import type { Direction, Side, Topology } from '../contract/crossing.ts';
import type { Control, ControlKey } from '../controls/control.ts';
import type { CrossingDelays } from '../domain/crossing/delays.ts';
import type { JointRecordStore } from '../record/store.ts';
import type { CaptureDesk } from './capture-desk.ts';
import type { Clock } from './clock.ts';
import type { Diary } from './diary.ts';
import type { EnrolmentStore } from './enrolment-store.ts';

/** Everything a crossing needs of its lane, made once by the composition root. */
export interface CrossingServices {
  readonly laneId: string;
  readonly topology: Topology;
  readonly direction: Direction;
  readonly delays: CrossingDelays & { readonly controlDeadline: number };
  readonly doors: LaneController;
  /** How long a door unit keeps a grant by itself, the way there included. Milliseconds. */
  readonly grantLifeMs: number;
  readonly store: JointRecordStore;
  readonly enrolment: EnrolmentStore;
  readonly controls: Readonly<Record<Side, Control>>;
  readonly controlKeys: Readonly<Record<Side, readonly ControlKey[]>>;
  readonly capture: CaptureDesk;
  readonly diary: Diary;
  readonly clock: Clock;
  /** A store call failed: the lane takes itself out of service. */
  readonly onStoreFailed: () => void;
  readonly onSoftwareFault: (error: unknown) => void;
}
