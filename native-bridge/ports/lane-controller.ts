import type { Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

/** `forward`: from the exit side to the entry side. `backward`: the way out for somebody who turns back. */
export type PassageDirection = 'forward' | 'backward';
export type Lamp = 'off' | 'red' | 'green' | 'amber';
/** Which side of a door: towards the exit control or towards the entry control. */
export type DoorSide = 'exit' | 'entry';
/** `emergency`: the unit's own anti-panic mode; the door is free in both directions and only the hardware ends that. */
export type DoorMode = 'normal' | 'blocked' | 'emergency';

/** Doors are numbered from 1 in the order a traveller meets them, from the exit side on: 1..2 or 1..3. */
export interface DoorState {
  readonly door: number;
  readonly mode: DoorMode;
  /** True while the unit lets anybody through, in either direction. */
  readonly open: boolean;
  /** Passages the unit still allows. */
  readonly passesForward: number;
  readonly passesBackward: number;
  readonly occupied: { readonly exit: boolean; readonly entry: boolean };
  /**
   * The unit's own passage counters, 32 bits, wrapping. The lane journals the last door's counter when it releases it: after a
   * crash the difference tells whether somebody passed, so that a committed record is never voided behind a traveller's back.
   */
  readonly countForward: number;
  readonly countBackward: number;
  /** 0 is healthy; the bits are the unit maker's. */
  readonly errorBits: number;
}

export interface LaneState {
  readonly doors: readonly DoorState[];
  readonly emergency: boolean;
}

export type LaneControllerEvent =
  /** Every door was found, shut, and told to shut by itself. */
  | { readonly type: 'ready'; readonly state: LaneState }
  /** Nothing is known of the doors any more but that they shut by themselves. */
  | { readonly type: 'lost'; readonly reason: LostReason; readonly door: number | null }
  | { readonly type: 'doorOpened'; readonly door: number }
  | { readonly type: 'doorClosed'; readonly door: number }
  /** From the unit's own counters, so that nobody is missed between two polls. More than one person in one event is tailgating. */
  | { readonly type: 'passage'; readonly door: number; readonly direction: PassageDirection; readonly persons: number }
  | { readonly type: 'zoneOccupied'; readonly door: number; readonly side: DoorSide }
  | { readonly type: 'zoneVacated'; readonly door: number; readonly side: DoorSide }
  | { readonly type: 'emergency'; readonly active: boolean }
  /** `errorBits` 0: the fault is over. */
  | { readonly type: 'fault'; readonly door: number; readonly errorBits: number };

/**
 * Doors, passage and zone sensors, and lamps of one lane. Every verb ends within a bounded time, also when the controller is gone.
 * A door never stays open because we died: a grant is a count of passages that the unit itself lets expire (`passTimeS` of the driver).
 */
export interface LaneController extends EventSource<LaneControllerEvent> {
  readonly doorCount: number;
  readonly ready: boolean;
  start(): void;
  /**
   * Lets `passes` people (1..3) through. Resolves when the unit has acknowledged the grant; `doorOpened` follows from what it reports.
   * A grant replaces one that is not used up; it is not added to it. Not retried when the outcome is unknown: the door is shut instead.
   */
  openDoor(door: number, direction: PassageDirection, passes: number): Promise<Result<void, DeviceError>>;
  closeDoor(door: number): Promise<Result<void, DeviceError>>;
  /** Tries every door, also when one fails; the first error is given. */
  closeAllDoors(): Promise<Result<void, DeviceError>>;
  setLamp(door: number, lamp: Lamp): Promise<Result<void, DeviceError>>;
  /** Puts every door into this mode, and tries each also when one fails; the first error is given. What a hand on the hardware sets stands over it. */
  setMode(mode: DoorMode): Promise<Result<void, DeviceError>>;
  /** People counted forward through this door so far, asked of the unit now; one request, for the moment before a release. */
  countForward(door: number): Promise<Result<number, DeviceError>>;
  /**
   * Asks one unit now; its mode may be as old as one poll of a shut door. With `maxAgeMs`, what the unit said no longer ago than
   * that is enough, unless the door was told to do something since.
   */
  readDoor(door: number, maxAgeMs?: number): Promise<Result<DoorState, DeviceError>>;
  /** Asks the units now, not the last poll. */
  readState(): Promise<Result<LaneState, DeviceError>>;
  /** Shuts the doors, lamps red, as far as they can be reached; then frees the port. No event follows. */
  close(): Promise<void>;
}
