import { activeModel, type ModelManifest } from '../manifest.ts';
import { CHALLENGE_DELAYS, type ChallengePolicy } from './challenge.ts';

/** Named delays and limits of one capture. Times in milliseconds of the clock that assessments and ticks are stamped with. */
export interface CapturePolicy extends ChallengePolicy {
  /** Cosine from which two faces count as one person. */
  readonly matchThreshold: number;
  readonly liveFrom: number;
  readonly spoofBelow: number;
  /** Good frames with a match, one after the other, that make a decision. Never below 2. */
  readonly matchFrames: number;
  /** Good frames without a match that make a decision, and the least time to give a fair chance. */
  readonly noMatchFrames: number;
  readonly noMatchAfterMs: number;
  /** How far the mean of all good frames may lie below the threshold when the last ones match: they must agree. */
  readonly agreementMargin: number;
  /** Frames that look like an attack, and the least time they take. */
  readonly spoofFrames: number;
  readonly spoofAfterMs: number;
  readonly severalFacesAfterMs: number;
  readonly noFaceAfterMs: number;
  /** Without a face for so long, a few frames a second are enough until one comes. */
  readonly watchAfterMs: number;
  /** Byte-identical frames for this long are a frozen camera or a still fed into it. */
  readonly frozenAfterMs: number;
  /**
   * Frames in a row that each came before, with others between: a film that runs in a loop. Two frames of a real camera are
   * never alike to the last bit, because its sensor makes noise even before a wall.
   */
  readonly replayedFrames: number;
  /** Ask for movements when the PAD model stays unsure; otherwise an unsure face runs out of time. */
  readonly activeLiveness: 'off' | 'whenUnsure';
  /** Good, matching, but unsure frames, and the time they take, before movements are asked for. */
  readonly unsureFrames: number;
  readonly unsureAfterMs: number;
  /** Below this cosine between neighbouring good frames, somebody else stands there. */
  readonly continuityThreshold: number;
  readonly maxFaceChanges: number;
  /** The whole capture. */
  readonly budgetMs: number;
  /** A hint stays at least this long, and a new one must be wanted this long before it shows. */
  readonly hintHoldMs: number;
  readonly hintAfterMs: number;
}

/** All but what the manifest says of its models. */
export const CAPTURE_DELAYS = {
  matchFrames: 2,
  noMatchFrames: 6,
  noMatchAfterMs: 1_500,
  agreementMargin: 0.1,
  spoofFrames: 4,
  spoofAfterMs: 800,
  severalFacesAfterMs: 4_000,
  noFaceAfterMs: 8_000,
  watchAfterMs: 600,
  frozenAfterMs: 1_500,
  replayedFrames: 5,
  unsureFrames: 6,
  unsureAfterMs: 1_200,
  continuityThreshold: 0.3,
  maxFaceChanges: 2,
  budgetMs: 20_000,
  hintHoldMs: 1_000,
  hintAfterMs: 300,
  ...CHALLENGE_DELAYS,
} as const;

/** Thresholds from the manifest, delays from above, and whatever the lane's configuration says otherwise. */
export function capturePolicy(manifest: ModelManifest, overrides: Partial<CapturePolicy> = {}): CapturePolicy {
  const recogniser = activeModel(manifest, 'recogniser');
  const pad = activeModel(manifest, 'presentationAttack');
  return {
    ...CAPTURE_DELAYS,
    matchThreshold: recogniser.threshold,
    liveFrom: pad.liveFrom,
    spoofBelow: pad.spoofBelow,
    activeLiveness: pad.activeLiveness,
    ...overrides,
  };
}
