import type { DoorMode, DoorState, LaneControllerEvent } from '../ports/lane-controller.ts';
import type { TurnstileMap } from '../protocol/turnstile-map.ts';

/** Registers of one poll, before the map has named them. */
export interface RawReading {
  readonly status: readonly number[];
  readonly mode: number;
}

/** Names the registers. `wasOpen`: a leaf that was open and reports a fault is not called shut before the fault is over. */
export function doorStateOf(map: TurnstileMap, door: number, raw: RawReading, wasOpen: boolean): DoorState {
  const at = (offset: number): number => raw.status[offset] ?? 0;
  const { offsets } = map;
  const passesForward = at(offsets.passesForward);
  const passesBackward = at(offsets.passesBackward);
  const errorBits = at(offsets.errorBits);
  const mode = modeOf(map, raw.mode);
  const released = mode === 'emergency' || (mode === 'normal' && passesForward + passesBackward > 0);
  return {
    door,
    mode,
    open: released || (wasOpen && errorBits !== 0),
    passesForward,
    passesBackward,
    occupied: { exit: at(offsets.occupiedExit) !== 0, entry: at(offsets.occupiedEntry) !== 0 },
    countForward: at(offsets.countForwardHigh) * 0x1_0000 + at(offsets.countForwardLow),
    countBackward: at(offsets.countBackwardHigh) * 0x1_0000 + at(offsets.countBackwardLow),
    errorBits,
  };
}

/** A mode we don't know is a door that is not in service. */
function modeOf(map: TurnstileMap, value: number): DoorMode {
  if (value === map.mode.normal) return 'normal';
  return value === map.mode.emergency ? 'emergency' : 'blocked';
}

/** Nobody walks a thousand people through between two polls: a jump beyond that is a unit that lost its counters. */
const LARGEST_COUNT_STEP = 1_000;

function countStep(before: number, after: number): number {
  const step = (after - before + 0x1_0000_0000) % 0x1_0000_0000;
  return step <= LARGEST_COUNT_STEP ? step : 0;
}

/** What happened between two polls, in the order a body makes it happen. The emergency of a lane is told by the caller. */
export function eventsBetween(before: DoorState, after: DoorState): LaneControllerEvent[] {
  const { door } = after;
  const events: LaneControllerEvent[] = [];
  if (!before.open && after.open) events.push({ type: 'doorOpened', door });
  for (const side of ['exit', 'entry'] as const) {
    if (before.occupied[side] === after.occupied[side]) continue;
    events.push({ type: after.occupied[side] ? 'zoneOccupied' : 'zoneVacated', door, side });
  }
  const forward = countStep(before.countForward, after.countForward);
  const backward = countStep(before.countBackward, after.countBackward);
  if (forward > 0) events.push({ type: 'passage', door, direction: 'forward', persons: forward });
  if (backward > 0) events.push({ type: 'passage', door, direction: 'backward', persons: backward });
  if (before.errorBits !== after.errorBits) events.push({ type: 'fault', door, errorBits: after.errorBits });
  if (before.open && !after.open) events.push({ type: 'doorClosed', door });
  return events;
}
