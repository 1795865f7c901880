import { randomInt } from 'node:crypto';
import {
  beginCapture,
  type CaptureDecision,
  type CaptureOutcome,
  type CaptureState,
  shownHint,
  stepCapture,
  wantsEveryFrame,
} from '../../models/face/capture.ts';
import type { CapturePolicy } from '../../models/face/capture-policy.ts';
import type { FaceError, FrameAssessment, ReferenceReport } from '../../models/face/worker-messages.ts';
import type { Check, FaceEvidence, ReferralCode } from '../contract/crossing.ts';
import type { Result } from '../contract/result.ts';
import type { CameraFrame, CameraMode, CameraState, CaptureHint } from '../contract/traveller-view.ts';
import type { Clock } from './clock.ts';
import type { CapturedPictures } from './referral-pictures.ts';

/** The part of the face engine a capture needs. */
export interface FaceMatcher {
  setReference(captureId: string, portrait: Uint8Array): Promise<Result<ReferenceReport, FaceError>>;
  assess(
    captureId: string,
    frame: { width: number; height: number; format: 'rgba'; data: Uint8Array; capturedAtMs: number },
  ): Promise<Result<FrameAssessment, FaceError>>;
  release(captureId: string): Promise<Result<void, FaceError>>;
}

export type CaptureEnd =
  | { readonly type: 'matched'; readonly face: FaceEvidence; readonly checks: readonly Check[] }
  | { readonly type: 'notAccepted'; readonly code: ReferralCode; readonly checks: readonly Check[] };

export interface CaptureListener {
  onEnd(end: CaptureEnd): void;
  onHint(hint: CaptureHint | null): void;
}

/** What a crossing asks of whoever captures faces. */
export type FaceCapture = Pick<CaptureDesk, 'prepare' | 'start' | 'frame' | 'cameraState' | 'release' | 'notCompared'>;

export interface CaptureDeskOptions {
  readonly matcher: FaceMatcher;
  readonly policy: CapturePolicy;
  readonly modelId: string;
  readonly clock: Clock;
  /** No frame for so long while the camera should run: it has failed. Milliseconds. */
  readonly cameraSilenceMs: number;
  /** A whole number that nobody before the camera can know: it chooses the movements that may be asked for. */
  readonly seed?: () => number;
  /** The camera was told to run, how attentively, or to stop. */
  readonly onCamera: (mode: CameraMode) => void;
  /** What a capture that has ended saw, for the officer of a referral; copies, the receiver's to overwrite. */
  readonly onPictures?: (id: string, pictures: CapturedPictures) => void;
}

const TICK_MS = 200;
/** One frame with the models and one waiting: a third would only be older when its turn comes. */
const MAX_IN_FLIGHT = 2;

const REFERRALS: Readonly<Record<Exclude<CaptureOutcome, 'matched'>, ReferralCode>> = {
  notMatched: 'faceNotMatched',
  spoofSuspected: 'spoofSuspected',
  challengeFailed: 'spoofSuspected',
  severalFaces: 'severalFaces',
  noFace: 'noFace',
  frozenVideo: 'frozenVideo',
  timedOut: 'faceTimeout',
};

interface Capture {
  readonly id: string;
  readonly portrait: Uint8Array;
  reference: Promise<Result<ReferenceReport, FaceError>>;
  listener: CaptureListener | null;
  state: CaptureState | null;
  lastFrameAtMs: number;
  inFlight: number;
  live: CapturedPictures['live'];
}

/** One face capture at a time: enrolled portrait against live frames, from "look here" to a decision. Frames stay in memory. */
export class CaptureDesk {
  readonly #options: CaptureDeskOptions;
  #capture: Capture | null = null;
  #stopTicking: (() => void) | null = null;
  #hint: CaptureHint | null = null;
  #camera: CameraMode = 'off';

  constructor(options: CaptureDeskOptions) {
    this.#options = options;
  }

  /** Starts reading the enrolled portrait, while the traveller is still walking in. */
  prepare(id: string, portrait: Uint8Array): void {
    this.release();
    const reference = this.#options.matcher.setReference(id, portrait);
    this.#capture = { id, portrait, reference, listener: null, state: null, lastFrameAtMs: 0, inFlight: 0, live: null };
  }

  async start(listener: CaptureListener): Promise<void> {
    const capture = this.#capture;
    if (capture === null) return;
    const nowMs = this.#options.clock.monotonicMs();
    Object.assign(capture, {
      listener,
      state: beginCapture(nowMs, (this.#options.seed ?? unguessable)()),
      lastFrameAtMs: nowMs,
    });
    this.#setCamera('watch');
    this.#tickLater(capture);
    const reference = await capture.reference;
    if (!reference.ok && this.#capture === capture) {
      this.#end(capture, notAccepted('faceEngineFailed', 'faceQuality', `portrait ${reference.error.code}`));
    }
  }

  /** Frames that come when nobody is captured, or faster than the models, are dropped. */
  async frame(frame: CameraFrame): Promise<void> {
    const capture = this.#capture;
    if (capture?.listener == null) return;
    capture.lastFrameAtMs = this.#options.clock.monotonicMs();
    if (capture.inFlight >= MAX_IN_FLIGHT) return;
    // Counted before the portrait is there: a camera must not pile up frames behind it.
    capture.inFlight += 1;
    const { width, height, data, capturedAtMs } = frame;
    // The models take the pixels away; an officer may have to look at this face.
    capture.live = keptOf(capture.live, frame);
    if (!(await capture.reference).ok) {
      capture.inFlight -= 1;
      return;
    }
    const assessed = await this.#options.matcher.assess(capture.id, {
      width,
      height,
      format: 'rgba',
      data,
      capturedAtMs,
    });
    capture.inFlight -= 1;
    if (this.#capture !== capture || capture.state === null) return;
    if (assessed.ok) {
      this.#step(capture, { type: 'assessment', sample: assessed.value, atMs: this.#options.clock.monotonicMs() });
    } else if (assessed.error.code === 'referenceMissing') {
      // The worker was started anew in the middle: it needs the portrait again.
      capture.reference = this.#options.matcher.setReference(capture.id, capture.portrait);
    } else if (assessed.error.code === 'engineClosed') {
      this.#end(capture, notAccepted('faceEngineFailed', 'faceMatch', assessed.error.code));
    }
  }

  cameraState({ state }: CameraState): void {
    const capture = this.#capture;
    if (capture?.listener == null || state === 'live' || state === 'off') return;
    this.#end(capture, notAccepted('cameraFailed', 'faceMatch', state));
  }

  /** What is said of a face that was not compared: an officer has looked at it instead. */
  get notCompared(): FaceEvidence {
    const { modelId, policy } = this.#options;
    return { modelId, similarity: -1, threshold: policy.matchThreshold, liveness: null, framesUsed: 0 };
  }

  /** Somebody else has seen through it, e.g. a second camera: the capture ends like one that our own models have ended. */
  refuse(code: ReferralCode, check: Check['id'], reason: string): void {
    if (this.#capture?.listener != null) this.#end(this.#capture, notAccepted(code, check, reason));
  }

  /** Camera off; templates and frames are overwritten in the worker. */
  release(): void {
    const capture = this.#capture;
    this.#capture = null;
    this.#stopTicking?.();
    this.#stopTicking = null;
    this.#hint = null;
    if (capture === null) return;
    this.#setCamera('off');
    capture.live?.data.fill(0);
    capture.portrait.fill(0);
    void this.#options.matcher.release(capture.id);
  }

  #tickLater(capture: Capture): void {
    const { clock, cameraSilenceMs } = this.#options;
    this.#stopTicking = clock.after(TICK_MS, () => {
      if (this.#capture !== capture || capture.listener === null) return;
      const atMs = clock.monotonicMs();
      if (atMs - capture.lastFrameAtMs >= cameraSilenceMs) {
        this.#end(capture, notAccepted('cameraFailed', 'faceMatch', 'noFrames'));
      } else {
        this.#step(capture, { type: 'tick', atMs });
        if (capture.listener !== null) this.#tickLater(capture);
      }
    });
  }

  #step(capture: Capture, input: Parameters<typeof stepCapture>[1]): void {
    if (capture.state === null || capture.listener === null) return;
    capture.state = stepCapture(capture.state, input, this.#options.policy);
    this.#setCamera(wantsEveryFrame(capture.state, input.atMs, this.#options.policy) ? 'capture' : 'watch');
    const hint = shownHint(capture.state);
    if (hint !== this.#hint) {
      this.#hint = hint;
      capture.listener.onHint(hint);
    }
    if (capture.state.decision !== null) this.#end(capture, this.#judge(capture.state.decision));
  }

  #setCamera(mode: CameraMode): void {
    if (mode === this.#camera) return;
    this.#camera = mode;
    this.#options.onCamera(mode);
  }

  #judge(decision: CaptureDecision): CaptureEnd {
    const { policy, modelId } = this.#options;
    if (decision.outcome !== 'matched') {
      const { outcome } = decision;
      const code = REFERRALS[outcome];
      const reason = outcome === 'challengeFailed' ? outcome : code;
      return notAccepted(code, code === 'spoofSuspected' ? 'presentationAttack' : 'faceMatch', reason);
    }
    return {
      type: 'matched',
      face: {
        modelId,
        similarity: rounded(decision.similarity ?? -1),
        threshold: policy.matchThreshold,
        liveness: decision.liveness === null ? null : rounded(decision.liveness),
        framesUsed: decision.framesUsed,
      },
      checks: [
        { id: 'faceQuality', outcome: 'passed', reason: null },
        // The PAD model's own figure stays as it was: whether a movement makes up for it is each side's to say.
        { id: 'presentationAttack', outcome: 'passed', reason: decision.movedAsAsked ? 'movedAsAsked' : null },
        { id: 'faceMatch', outcome: 'passed', reason: null },
      ],
    };
  }

  #end(capture: Capture, end: CaptureEnd): void {
    const { listener } = capture;
    capture.listener = null;
    const { onPictures } = this.#options;
    onPictures?.(capture.id, { portrait: Uint8Array.from(capture.portrait), live: copyOf(capture.live) });
    listener?.onEnd(end);
  }
}

function copyOf(live: CapturedPictures['live']): CapturedPictures['live'] {
  return live === null ? null : { ...live, data: Uint8Array.from(live.data) };
}

/** A copy of the pixels, in the memory of the last one where it fits: a camera must not fill the heap with pictures. */
function keptOf(last: CapturedPictures['live'], { width, height, data }: CameraFrame): CapturedPictures['live'] {
  if (last === null || last.data.length !== data.length) {
    last?.data.fill(0);
    return { width, height, data: Uint8Array.from(data) };
  }
  last.data.set(data);
  return { width, height, data: last.data };
}

const unguessable = (): number => randomInt(2 ** 31);

function notAccepted(code: ReferralCode, check: Check['id'], reason: string): CaptureEnd {
  return { type: 'notAccepted', code, checks: [{ id: check, outcome: 'failed', reason: reason.slice(0, 64) }] };
}

/** Four digits: enough to judge, too few to tell two captures of one face apart. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
