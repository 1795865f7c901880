import type { Owner, ReferralCode, Side } from '../contract/crossing.ts';
import type { ReferralView } from '../contract/supervisor-view.ts';
import type { ReasonReader } from '../controls/control.ts';
import type { RecordSnapshot } from '../record/store.ts';

/** Who reads the reasons that a side's control has sealed to its officers. */
export type ReasonReaders = Readonly<Record<Side, ReasonReader>>;

/** Somebody who waits for an officer. */
export interface OpenReferral {
  readonly record: RecordSnapshot;
  readonly owner: Owner;
  readonly code: ReferralCode;
  readonly place: ReferralView['place'];
  /** The traveller, and nobody else, stands in a chamber and could go on from there. */
  readonly standing: boolean;
  readonly walkingBack: boolean;
  readonly kept: boolean;
  /** How often its pictures and notes have changed; 0: there are none. */
  readonly material: number;
}
