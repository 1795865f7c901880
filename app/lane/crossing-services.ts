import type { LaneController } from '../../native-bridge/ports/lane-controller.ts';
import type { Direction, Side, Topology } from '../contract/crossing.ts';
import type { Control, ControlKey } from '../controls/control.ts';
import type { JointRecordStore } from '../record/store.ts';
import type { FaceCapture } from './capture-desk.ts';
import type { ChipDesk } from './chip-desk.ts';
import type { Clock } from './clock.ts';
import type { Diary } from './diary.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import type { LaneCrossingDelays } from './lane-delays.ts';

export interface ChipService {
  readonly desk: ChipDesk;
  /**
   * Where a crossing waits for the chip. `doorOne`: the document lies on the reader until it is read, and its holder walks in
   * then. `controls`: the reader keeps or follows the document, so the holder walks in meanwhile.
   */
  readonly awaitedAt: 'doorOne' | 'controls';
  /** `enrolled`: the chip's picture only where none is enrolled. `chip`: a proved chip's picture before the enrolled one. */
  readonly portrait: 'enrolled' | 'chip';
}

/** Everything a crossing needs of its lane, made once by the composition root. */
export interface CrossingServices {
  readonly laneId: string;
  readonly topology: Topology;
  readonly direction: Direction;
  readonly delays: LaneCrossingDelays;
  readonly doors: LaneController;
  /** How long a door unit keeps a grant by itself, the way there included. Milliseconds. */
  readonly grantLifeMs: number;
  readonly store: JointRecordStore;
  readonly enrolment: EnrolmentStore;
  readonly controls: Readonly<Record<Side, Control>>;
  readonly controlKeys: Readonly<Record<Side, readonly ControlKey[]>>;
  readonly capture: FaceCapture;
  /** Null: no chip reader is fitted. */
  readonly chip: ChipService | null;
  readonly diary: Diary;
  readonly clock: Clock;
  /** Both controls have been told what became of this record, or that takes longer than anybody can wait. */
  readonly untilTold: (recordId: string) => Promise<void>;
  /** A store call failed: the lane takes itself out of service. */
  readonly onStoreFailed: () => void;
  readonly onSoftwareFault: (error: unknown) => void;
}
