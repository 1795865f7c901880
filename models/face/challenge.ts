import type { CaptureHint } from '../../app/contract/traveller-view.ts';
import type { FrameAssessment } from './worker-messages.ts';

/*
 * Active liveness: the traveller is asked for movements in an order nobody could know before. Pure: states and frames in,
 * states out. A turn counts only when the nose moves against the eyes: a sheet or a screen that is turned narrows the whole
 * face alike, a head does not. After each movement the face must come back, be seen well, and still be the one on the document.
 */

const CHALLENGE_ACTIONS = ['turnLeft', 'turnRight', 'blink'] as const satisfies readonly CaptureHint[];
export type ChallengeAction = (typeof CHALLENGE_ACTIONS)[number];

export interface ChallengePolicy {
  /** Movements asked for, one after the other. */
  readonly challengeActions: number;
  /** Time for each, from the prompt to having come back. Milliseconds. */
  readonly challengeActionMs: number;
  /** Both must be seen, against the face as it stood before: degrees of yaw, and the nose tip in eye distances. */
  readonly turnDegrees: number;
  readonly turnNoseOffset: number;
  /** Within this many degrees the face looks ahead. */
  readonly facingDegrees: number;
  readonly eyesOpenFrom: number;
  readonly eyesShutBelow: number;
  /** Frames in a row that show a movement, or its end. */
  readonly challengeFrames: number;
  /** Movements the wrong way before it is given up: a film of a moving head does them all, in its own order. */
  readonly maxWrongTurns: number;
}

export const CHALLENGE_DELAYS: ChallengePolicy = {
  challengeActions: 2,
  challengeActionMs: 6_000,
  turnDegrees: 12,
  turnNoseOffset: 0.1,
  facingDegrees: 18,
  eyesOpenFrom: 0.7,
  eyesShutBelow: 0.3,
  challengeFrames: 2,
  maxWrongTurns: 1,
};

/** What a challenge looks at. */
export type ChallengeSample = Pick<FrameAssessment, 'faces' | 'quality' | 'similarity'>;

interface Facing {
  readonly yaw: number;
  readonly nose: number;
}

export interface ChallengeState {
  readonly actions: readonly ChallengeAction[];
  readonly done: number;
  /** `facing`: look ahead first; `moving`: the movement is asked for; `returning`: and back again. */
  readonly phase: 'facing' | 'moving' | 'returning';
  readonly sinceMs: number;
  /** Frames in a row that show what the phase waits for. */
  readonly seen: number;
  /** How the face stood before it was asked to move; the least turned way while it looks ahead. */
  readonly front: Facing | null;
  readonly wrongTurns: number;
  readonly wrongSeen: number;
  readonly result: 'passed' | 'failed' | null;
}

/** `seed`: a whole number nobody before the camera knows. `blinks`: the eyes were seen clearly open, so that shut ones will tell. */
export function beginChallenge(
  atMs: number,
  seed: number,
  blinks: boolean,
  { challengeActions }: ChallengePolicy,
): ChallengeState {
  const possible = CHALLENGE_ACTIONS.filter((action) => blinks || action !== 'blink');
  const actions: ChallengeAction[] = [];
  let left = Math.abs(Math.trunc(seed));
  for (let i = 0; i < challengeActions; i++) {
    // Never the same twice running: a movement that goes on would answer the next prompt as well.
    const choices = possible.filter((action) => action !== actions.at(-1));
    actions.push(choices[left % choices.length]!);
    left = Math.floor(left / choices.length);
  }
  return {
    actions,
    done: 0,
    phase: 'facing',
    sinceMs: atMs,
    seen: 0,
    front: null,
    wrongTurns: 0,
    wrongSeen: 0,
    result: null,
  };
}

/** What the traveller is told now. */
export function challengeHint(state: ChallengeState): CaptureHint {
  const action = state.actions[state.done];
  return state.phase === 'moving' && action !== undefined ? action : 'lookHere';
}

/** Time passes: a movement that does not come in time has failed. */
export function challengeTick(state: ChallengeState, atMs: number, policy: ChallengePolicy): ChallengeState {
  const late = state.result === null && atMs - state.sinceMs >= policy.challengeActionMs;
  return late ? { ...state, result: 'failed' } : state;
}

/** One assessed frame. Frames without exactly one face show nothing, for or against. */
export function stepChallenge(
  before: ChallengeState,
  sample: ChallengeSample,
  matchThreshold: number,
  atMs: number,
  policy: ChallengePolicy,
): ChallengeState {
  const state = challengeTick(before, atMs, policy);
  const { quality } = sample;
  if (state.result !== null || sample.faces !== 1 || quality === null) return state;
  const { yawDegrees: yaw, noseOffset: nose, eyesOpen } = quality.measures;
  if (state.phase === 'moving') return watchMovement(state, { yaw, nose, eyesOpen }, policy);
  // Open eyes are asked for only where shut ones must tell: some narrow eyes never look open to the model.
  const eyesReady = !state.actions.includes('blink') || eyesOpen >= policy.eyesOpenFrom;
  const ahead = Math.abs(yaw) <= policy.facingDegrees && eyesReady;
  // Whoever comes back must still be the one on the document.
  const usable = quality.problems.every((problem) => problem === 'indistinct');
  const itself = usable && sample.similarity !== null && sample.similarity >= matchThreshold;
  if (!ahead || !itself) return { ...state, seen: 0, front: null };
  const nearest = state.front !== null && Math.abs(state.front.yaw) <= Math.abs(yaw) ? state.front : { yaw, nose };
  const next = { ...state, seen: state.seen + 1, front: nearest };
  if (next.seen < policy.challengeFrames) return next;
  if (state.phase === 'facing') return { ...next, phase: 'moving', seen: 0, sinceMs: atMs };
  const done = state.done + 1;
  if (done === state.actions.length) return { ...next, done, result: 'passed' };
  return { ...next, done, phase: 'moving', seen: 0, sinceMs: atMs };
}

function watchMovement(
  state: ChallengeState,
  seen: Facing & { readonly eyesOpen: number },
  policy: ChallengePolicy,
): ChallengeState {
  const action = state.actions[state.done];
  const turned = turnOf(seen, state.front, policy);
  if (action === 'blink' ? isBlink(seen, policy) : turned === action) {
    // Eyes are shut for a moment only; a head stays turned for several frames.
    const enough = action === 'blink' ? 1 : policy.challengeFrames;
    if (state.seen + 1 < enough) return { ...state, seen: state.seen + 1 };
    return { ...state, phase: 'returning', seen: 0 };
  }
  if (turned === null) return { ...state, seen: 0, wrongSeen: 0 };
  const wrongSeen = state.wrongSeen + 1;
  if (wrongSeen !== policy.challengeFrames) return { ...state, seen: 0, wrongSeen };
  const wrongTurns = state.wrongTurns + 1;
  return { ...state, seen: 0, wrongSeen, wrongTurns, result: wrongTurns > policy.maxWrongTurns ? 'failed' : null };
}

/** In the frame as the camera sees it a head that turns to its own left turns to the right of the picture: yaw falls, the nose moves right. */
function turnOf(seen: Facing, front: Facing | null, policy: ChallengePolicy): 'turnLeft' | 'turnRight' | null {
  if (front === null) return null;
  const yaw = seen.yaw - front.yaw;
  const nose = seen.nose - front.nose;
  if (yaw <= -policy.turnDegrees && nose >= policy.turnNoseOffset) return 'turnLeft';
  return yaw >= policy.turnDegrees && nose <= -policy.turnNoseOffset ? 'turnRight' : null;
}

/** Shut eyes in a face that still looks ahead: a head that turns away or down hides its eyes too. */
function isBlink(seen: Facing & { readonly eyesOpen: number }, policy: ChallengePolicy): boolean {
  return seen.eyesOpen < policy.eyesShutBelow && Math.abs(seen.yaw) <= policy.facingDegrees;
}
