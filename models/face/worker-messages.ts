import type { Result } from '../../app/contract/result.ts';
import type { CaptureHint } from '../../app/contract/traveller-view.ts';
import type { ManifestError, ModelManifest } from '../manifest.ts';
import type { ImageError } from './decode-image.ts';
import type { Rect, RgbaFrame } from './image.ts';
import type { ModelLoadError } from './model-session.ts';
import type { GuardCells } from './native-guard.ts';
import type { StepTimings } from './pipeline.ts';
import type { QualityMeasures, QualityProblem } from './quality.ts';

/*
 * What the lane process and the face worker say to each other. Both ends are built from the same sources and pixels
 * are most of it, so the shapes are types, not schemas; frames are checked in the worker before anything reads them.
 */

export interface QualityReport {
  readonly measures: QualityMeasures;
  /** Empty when the face may be compared. Worst first. */
  readonly problems: readonly QualityProblem[];
}

export interface ReferenceReport {
  readonly width: number;
  readonly height: number;
  readonly box: Rect;
  readonly quality: QualityReport;
  readonly timings: StepTimings;
  /** Milliseconds to decode the image. */
  readonly decodeMs: number;
}

export interface FrameAssessment {
  readonly capturedAtMs: number;
  /** Faces that count: the main one and any that is not far smaller. */
  readonly faces: number;
  /** The main face in pixels of the frame. */
  readonly box: Rect | null;
  /** How bright it is where somebody would stand, 0..255 (`frame-light.ts`); null where a face tells of the light. */
  readonly sceneBrightness: number | null;
  /** What this frame alone would tell the traveller; `capture.ts` decides what is shown. */
  readonly hint: CaptureHint | null;
  readonly quality: QualityReport | null;
  /** Probability of a live presentation, 0..1. */
  readonly liveness: number | null;
  /** Cosine with the reference, -1..1; null when the face was not compared. */
  readonly similarity: number | null;
  /** Cosine with the last compared frame of this capture: falls when somebody else steps in. Null for the first. */
  readonly continuity: number | null;
  /** Same word for byte-identical frames, nothing else. Salted by worker: says nothing about the picture. */
  readonly digest: string;
  readonly timings: StepTimings;
}

/** Why one request failed. The engine itself still runs or is being restarted. */
export type FaceError =
  | ImageError
  | { readonly code: 'noFace' }
  | { readonly code: 'severalFaces'; readonly faces: number }
  | { readonly code: 'qualityTooLow'; readonly problems: readonly QualityProblem[] }
  | { readonly code: 'frameInvalid' }
  | { readonly code: 'referenceMissing' }
  | { readonly code: 'engineBusy' }
  | { readonly code: 'engineTimedOut' }
  | { readonly code: 'engineFailed'; readonly detail: string }
  | { readonly code: 'engineClosed' };

/** Why the engine can't run at all: the lane is out of service. */
export type FaceEngineError =
  | ManifestError
  | ModelLoadError
  | { readonly code: 'engineStartTimedOut' }
  | { readonly code: 'engineStartFailed'; readonly detail: string };

export interface WorkerOptions {
  readonly manifest: ModelManifest;
  readonly modelRoot: string;
  readonly threads: number;
  readonly guard: GuardCells;
}

export type WorkerCall =
  | { readonly type: 'setReference'; readonly captureId: string; readonly image: Uint8Array }
  | { readonly type: 'assess'; readonly captureId: string; readonly frame: RgbaFrame }
  | { readonly type: 'release'; readonly captureId: string };

/** What each call answers when it succeeds. */
export interface WorkerAnswers {
  readonly setReference: ReferenceReport;
  readonly assess: FrameAssessment;
  readonly release: undefined;
}

/** To the worker: clear and release everything, then end by yourself. */
export const END_REQUEST = 'end';

export interface WorkerRequest {
  readonly id: number;
  readonly call: WorkerCall;
}

export type WorkerMessage =
  | { readonly type: 'started'; readonly result: Result<StartReport, FaceEngineError> }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown, FaceError> };

export interface StartReport {
  /** Milliseconds to read, verify and open all models. */
  readonly loadMs: number;
}
