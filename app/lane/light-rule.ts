import type { QualityReport } from '../../models/face/worker-messages.ts';

/** Whether a face is lit so that it can be compared. */
export type Exposure = 'tooDark' | 'right' | 'tooBright';

/** Plain data, changed by `stepLight` only. */
export interface LightState {
  readonly percent: number;
  /** How far the next step goes; it shrinks each time the direction changes. */
  readonly stepPercent: number;
  readonly direction: 1 | -1 | null;
  /** Frames in a row that ask for the same. */
  readonly wanted: Exposure;
  readonly frames: number;
}

export interface LightRange {
  /** Where a capture begins, and the brightest that is allowed into somebody's eyes; 0..100. */
  readonly startPercent: number;
  readonly mostPercent: number;
}

/** Below this a light gives the models nothing any more. */
export const LEAST_PERCENT = 5;
const FIRST_STEP = 24;
/** Smaller steps change nothing that the models would see: the light stays as it is. */
const LAST_STEP = 5;
/** One dark frame may be a hand before the lens; the camera's own exposure needs some frames after each change, too. */
export const FRAMES_BEFORE = 3;
const MIDDLE_GREY = 128;

/** What one frame says of the light: by the problems that quality found, so that light and hint never disagree. */
export function exposureOf({ problems, measures }: QualityReport): Exposure {
  if (problems.includes('tooDark')) return 'tooDark';
  if (problems.includes('tooBright')) return 'tooBright';
  if (!problems.includes('clipped')) return 'right';
  return measures.brightness < MIDDLE_GREY ? 'tooDark' : 'tooBright';
}

/**
 * Below the first a picture without a face is dark; once it is, it stays so up to the second. Measured on darkened specimens: at 18 the
 * detector still finds everybody, at 11 nobody.
 */
export const SCENE_DARK = 24;
export const SCENE_LIT = 32;

/** What a frame without a face says of the light; null: nothing, since nobody may be there whom it would serve. */
export function exposureOfScene(brightness: number, { wanted }: Pick<LightState, 'wanted'>): Exposure | null {
  return brightness < (wanted === 'tooDark' ? SCENE_LIT : SCENE_DARK) ? 'tooDark' : null;
}

export function beginLight({ startPercent, mostPercent }: LightRange): LightState {
  const percent = within(startPercent, mostPercent);
  return { percent, stepPercent: FIRST_STEP, direction: null, wanted: 'right', frames: 0 };
}

/**
 * The light after one more frame. It moves only when several frames in a row ask for the same, stays within its bounds, and halves
 * its step whenever it turns round, so that it comes to rest instead of swinging.
 */
export function stepLight(state: LightState, exposure: Exposure, { mostPercent }: LightRange): LightState {
  const frames = exposure === state.wanted ? state.frames + 1 : 1;
  const seen = { ...state, wanted: exposure, frames };
  if (exposure === 'right' || frames < FRAMES_BEFORE) return seen;
  const direction = exposure === 'tooDark' ? 1 : -1;
  const turned = state.direction !== null && state.direction !== direction;
  const stepPercent = turned ? state.stepPercent / 2 : state.stepPercent;
  if (stepPercent < LAST_STEP) return { ...seen, frames: 0 };
  const percent = within(state.percent + direction * stepPercent, mostPercent);
  return { percent, stepPercent, direction, wanted: exposure, frames: 0 };
}

const within = (percent: number, most: number): number => Math.min(most, Math.max(LEAST_PERCENT, percent));
