import type { CaptureHint } from '../../app/contract/traveller-view.ts';
import { beginHint, type HintState, wantHint } from './capture-hint.ts';
import type { CapturePolicy } from './capture-policy.ts';
import { beginChallenge, type ChallengeState, challengeHint, challengeTick, stepChallenge } from './challenge.ts';
import type { FrameAssessment } from './worker-messages.ts';

export type CaptureOutcome =
  | 'matched'
  | 'notMatched'
  | 'spoofSuspected'
  | 'challengeFailed'
  | 'severalFaces'
  | 'noFace'
  | 'frozenVideo'
  | 'timedOut';

export interface CaptureDecision {
  readonly outcome: CaptureOutcome;
  readonly atMs: number;
  /** The frame the numbers are of: the best match, or for an attack the least live. Null when no frame was compared. */
  readonly similarity: number | null;
  readonly liveness: number | null;
  /** Good frames behind the decision. */
  readonly framesUsed: number;
  readonly faceChanges: number;
  /** The traveller moved as asked: what stands for liveness where the PAD model alone was unsure. */
  readonly movedAsAsked: boolean;
}

/** Only what a decision needs of an assessment. */
export type CaptureSample = Pick<
  FrameAssessment,
  'faces' | 'hint' | 'quality' | 'liveness' | 'similarity' | 'continuity' | 'digest'
>;

interface GoodFrame {
  readonly similarity: number;
  readonly liveness: number;
  readonly digest: string;
}

/** State of one capture. Made by `beginCapture`, changed by `stepCapture` only; plain data, no clock, no I/O. */
export interface CaptureState {
  readonly startedAtMs: number;
  readonly hint: HintState;
  readonly decision: CaptureDecision | null;
  /** Since the last change of face; the newest last, at most MAX_GOOD. */
  readonly good: readonly GoodFrame[];
  readonly goodSinceMs: number | null;
  readonly suspicious: { readonly frames: number; readonly sinceMs: number; readonly least: number } | null;
  readonly faceChanges: number;
  readonly severalSinceMs: number | null;
  /** The beginning, until there is a face. */
  readonly faceSeenAtMs: number;
  readonly faceSeen: boolean;
  readonly still: { readonly digest: string; readonly sinceMs: number; readonly frames: number } | null;
  readonly seen: readonly string[];
  readonly replayed: number;
  readonly framesSeen: number;
  readonly seed: number;
  /** Good and matching frames the PAD model was unsure of, since the last sure one. */
  readonly unsure: { readonly frames: number; readonly sinceMs: number; readonly eyesOpen: number } | null;
  /** Movements under way, or how they ended. */
  readonly challenge: ChallengeState | null;
}

export type CaptureInput =
  | { readonly type: 'assessment'; readonly sample: CaptureSample; readonly atMs: number }
  | { readonly type: 'tick'; readonly atMs: number };

const MAX_GOOD = 16;
/** Ten seconds at thirty frames a second. */
const MAX_SEEN = 300;

/** `seed`: a whole number nobody before the camera can know; it chooses the movements that may be asked for. */
export function beginCapture(startedAtMs: number, seed = 0): CaptureState {
  return {
    startedAtMs,
    hint: beginHint(startedAtMs),
    decision: null,
    good: [],
    goodSinceMs: null,
    suspicious: null,
    faceChanges: 0,
    severalSinceMs: null,
    faceSeenAtMs: startedAtMs,
    faceSeen: false,
    still: null,
    seen: [],
    replayed: 0,
    framesSeen: 0,
    seed,
    unsure: null,
    challenge: null,
  };
}

/** What the traveller is told now. */
export const shownHint = (state: CaptureState): CaptureHint | null => state.hint.shown;

/** True while every frame counts: there is a face, or there was one a moment ago. Before an empty place a few frames a second will do. */
export function wantsEveryFrame(state: CaptureState, atMs: number, policy: CapturePolicy): boolean {
  if (state.challenge?.result === null) return true;
  return state.faceSeen && atMs - state.faceSeenAtMs < policy.watchAfterMs;
}

/** One assessed frame, or the passing of time. A decided capture stays as it is. */
export function stepCapture(state: CaptureState, input: CaptureInput, policy: CapturePolicy): CaptureState {
  if (state.decision) return state;
  const { atMs } = input;
  const looked = input.type === 'tick' ? state : takeSample(state, input.sample, atMs, policy);
  const next = stepMovements(looked, input, policy);
  const wanted = input.type === 'tick' ? state.hint.wanted : hintOf(next, input.sample, policy);
  const hint = wantHint(next.hint, wanted, atMs, policy);
  const outcome = decide(next, atMs, policy);
  return { ...next, hint, decision: outcome && summarise(next, outcome, atMs) };
}

/** Begins to ask for movements when it is time to, and follows them. */
function stepMovements(state: CaptureState, input: CaptureInput, policy: CapturePolicy): CaptureState {
  const { challenge, unsure } = state;
  const { atMs } = input;
  if (challenge) {
    const next =
      input.type === 'tick'
        ? challengeTick(challenge, atMs, policy)
        : stepChallenge(challenge, input.sample, policy.matchThreshold, atMs, policy);
    return next === challenge ? state : { ...state, challenge: next };
  }
  const due =
    policy.activeLiveness === 'whenUnsure' &&
    unsure !== null &&
    unsure.frames >= policy.unsureFrames &&
    atMs - unsure.sinceMs >= policy.unsureAfterMs;
  if (!due) return state;
  return { ...state, challenge: beginChallenge(atMs, state.seed, unsure.eyesOpen >= policy.eyesOpenFrom, policy) };
}

/** A frame that is fine but not surely live wants another look. */
function hintOf(state: CaptureState, sample: CaptureSample, policy: CapturePolicy): CaptureHint | null {
  // A face that turns because it was asked to must not be told to look here.
  if (state.challenge?.result === null && sample.faces === 1) return challengeHint(state.challenge);
  return sample.hint ?? (sample.liveness !== null && sample.liveness < policy.liveFrom ? 'holdStill' : null);
}

function takeSample(state: CaptureState, sample: CaptureSample, atMs: number, policy: CapturePolicy): CaptureState {
  const looked = takeDigest({ ...state, framesSeen: state.framesSeen + 1 }, sample.digest, atMs);
  if (sample.faces === 0) return { ...looked, severalSinceMs: null };
  const present = { ...looked, faceSeenAtMs: atMs, faceSeen: true };
  if (sample.faces > 1) return { ...present, severalSinceMs: state.severalSinceMs ?? atMs };
  return takeFace({ ...present, severalSinceMs: null }, sample, atMs, policy);
}

function takeFace(state: CaptureState, sample: CaptureSample, atMs: number, policy: CapturePolicy): CaptureState {
  const { similarity, liveness, continuity, digest } = sample;
  // A face that says little can still say enough: some people's always does. It costs a hint, not the crossing.
  const usable = sample.quality?.problems.every((problem) => problem === 'indistinct') ?? false;
  if (!usable || similarity === null || liveness === null) return state;
  const changed = continuity !== null && continuity < policy.continuityThreshold;
  // Whoever stood there before does not speak for whoever stands there now.
  const same = changed ? { ...state, ...NOTHING_KNOWN, faceChanges: state.faceChanges + 1 } : state;
  if (liveness < policy.spoofBelow) {
    const before = same.suspicious ?? { frames: 0, sinceMs: atMs, least: 1 };
    return {
      ...same,
      good: [],
      goodSinceMs: null,
      suspicious: { frames: before.frames + 1, sinceMs: before.sinceMs, least: Math.min(before.least, liveness) },
    };
  }
  const moved = same.challenge?.result === 'passed';
  if (liveness < policy.liveFrom && !moved) return takeUnsure(same, sample, similarity, atMs, policy);
  // A frame that came twice says nothing new.
  if (same.good.some((frame) => frame.digest === digest)) return same;
  const good = [...same.good, { similarity, liveness, digest }].slice(-MAX_GOOD);
  return { ...same, good, goodSinceMs: same.goodSinceMs ?? atMs, suspicious: null, unsure: null };
}

/** What is known of whoever stands there; a new face starts with nothing. */
const NOTHING_KNOWN = { good: [], goodSinceMs: null, suspicious: null, unsure: null, challenge: null } as const;

/** Somebody who is not on the document need not be asked to move. */
function takeUnsure(
  state: CaptureState,
  { quality, digest }: CaptureSample,
  similarity: number,
  atMs: number,
  policy: CapturePolicy,
): CaptureState {
  if (similarity < policy.matchThreshold || state.still?.digest !== digest || state.still.frames > 1) return state;
  const before = state.unsure ?? { frames: 0, sinceMs: atMs, eyesOpen: 1 };
  const eyesOpen = Math.min(before.eyesOpen, quality?.measures.eyesOpen ?? 0);
  return { ...state, unsure: { frames: before.frames + 1, sinceMs: before.sinceMs, eyesOpen } };
}

function takeDigest(state: CaptureState, digest: string, atMs: number): CaptureState {
  const { still, seen } = state;
  if (still?.digest === digest) return { ...state, still: { ...still, frames: still.frames + 1 } };
  const replayed = seen.includes(digest) ? state.replayed + 1 : 0;
  return { ...state, still: { digest, sinceMs: atMs, frames: 1 }, replayed, seen: [...seen, digest].slice(-MAX_SEEN) };
}

/** The first that holds, the gravest first: a match never outruns a suspicion that is already certain. */
function decide(state: CaptureState, atMs: number, policy: CapturePolicy): CaptureOutcome | null {
  const { still, suspicious, severalSinceMs } = state;
  if (still && still.frames > 2 && atMs - still.sinceMs >= policy.frozenAfterMs) return 'frozenVideo';
  if (state.replayed >= policy.replayedFrames) return 'frozenVideo';
  if (suspicious && suspicious.frames >= policy.spoofFrames && atMs - suspicious.sinceMs >= policy.spoofAfterMs) {
    return 'spoofSuspected';
  }
  if (state.challenge?.result === 'failed') return 'challengeFailed';
  if (state.faceChanges > policy.maxFaceChanges) return 'severalFaces';
  if (severalSinceMs !== null && atMs - severalSinceMs >= policy.severalFacesAfterMs) return 'severalFaces';
  if (severalSinceMs === null && isMatch(state, policy)) return 'matched';
  if (isNoMatch(state, atMs, policy)) return 'notMatched';
  if (state.framesSeen > 0 && atMs - state.faceSeenAtMs >= policy.noFaceAfterMs) return 'noFace';
  return atMs - state.startedAtMs >= policy.budgetMs ? 'timedOut' : null;
}

function isMatch({ good }: CaptureState, policy: CapturePolicy): boolean {
  const last = good.slice(-Math.max(2, policy.matchFrames));
  if (last.length < Math.max(2, policy.matchFrames)) return false;
  const allMatch = last.every(({ similarity }) => similarity >= policy.matchThreshold);
  return allMatch && meanSimilarity(good) >= policy.matchThreshold - policy.agreementMargin;
}

function isNoMatch({ good, goodSinceMs }: CaptureState, atMs: number, policy: CapturePolicy): boolean {
  if (goodSinceMs === null || atMs - goodSinceMs < policy.noMatchAfterMs) return false;
  return good.length >= policy.noMatchFrames && good.at(-1)!.similarity < policy.matchThreshold;
}

const meanSimilarity = (good: readonly GoodFrame[]): number =>
  good.reduce((sum, { similarity }) => sum + similarity, 0) / good.length;

function summarise(state: CaptureState, outcome: CaptureOutcome, atMs: number): CaptureDecision {
  const best = state.good.reduce<GoodFrame | null>(
    (top, frame) => (top === null || frame.similarity > top.similarity ? frame : top),
    null,
  );
  const liveness = outcome === 'spoofSuspected' ? (state.suspicious?.least ?? null) : (best?.liveness ?? null);
  return {
    outcome,
    atMs,
    similarity: best?.similarity ?? null,
    liveness,
    framesUsed: state.good.length,
    faceChanges: state.faceChanges,
    movedAsAsked: state.challenge?.result === 'passed',
  };
}
