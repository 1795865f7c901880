import { z } from 'zod';
import { type CrossingDelays, DEFAULT_CROSSING_DELAYS } from '../domain/crossing/delays.ts';

const delayMs = z.int().min(0).max(600_000);

const crossingDelaysShape = Object.fromEntries(
  Object.keys(DEFAULT_CROSSING_DELAYS).map((name) => [name, delayMs.optional()]),
) as Record<keyof CrossingDelays, z.ZodOptional<z.ZodInt>>;

/** Delays of a crossing by name, and of the lane around it, in milliseconds. */
export const laneDelaysSchema = z
  .strictObject({
    ...crossingDelaysShape,
    /** Given to both controls to answer. */
    controlDeadline: delayMs.default(8_000),
    /** So long before a step's time is over the traveller is warned. */
    timeoutWarning: delayMs.default(10_000),
    /** How long an end screen stays when the lane is already empty. */
    showEnd: delayMs.default(4_000),
    /** No frame for so long while the camera should run: the camera has failed. */
    cameraSilence: delayMs.default(4_000),
    /** Between two looks whether a failed camera works again. */
    cameraProbe: delayMs.default(5_000),
    /** Between two polls of the doors while nothing moves. */
    doorPoll: delayMs.default(100),
    /** Between two polls of a door that is open to somebody. */
    openDoorPoll: delayMs.default(5),
  })
  .prefault({});
export type LaneDelaysSetting = z.infer<typeof laneDelaysSchema>;

export interface LaneCrossingDelays extends CrossingDelays {
  readonly controlDeadline: number;
  readonly timeoutWarning: number;
}

/** Steps during which a door is open to the traveller. */
export const DOOR_STEPS = ['enterTimeout', 'moveTimeout', 'passTimeout'] as const satisfies (keyof CrossingDelays)[];

/**
 * The delays a crossing runs under. What the profile leaves open has its default, but no step outlasts the grant that the door
 * unit keeps by itself: the screen must never ask somebody to walk on to a door that has shut.
 */
export function crossingDelaysOf(
  setting: LaneDelaysSetting,
  passTimeS: number,
  /** Added to identifying: what door 1 waits for. Milliseconds. */
  chipWaitMs = 0,
): LaneCrossingDelays {
  const names = Object.keys(DEFAULT_CROSSING_DELAYS) as (keyof CrossingDelays)[];
  const ceiling = passTimeS * 1_000;
  const chosen = names.map((name) => {
    const wanted = setting[name] ?? DEFAULT_CROSSING_DELAYS[name];
    return [name, (DOOR_STEPS as readonly string[]).includes(name) ? Math.min(wanted, ceiling) : wanted];
  });
  const delays = Object.fromEntries(chosen) as CrossingDelays;
  return {
    ...delays,
    identifyTimeout: delays.identifyTimeout + chipWaitMs,
    controlDeadline: setting.controlDeadline,
    timeoutWarning: setting.timeoutWarning,
  };
}
