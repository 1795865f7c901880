import { describe, expect, test } from 'vitest';
import {
  beginCapture,
  type CaptureSample,
  type CaptureState,
  shownHint,
  stepCapture,
  wantsEveryFrame,
} from './capture.ts';
import { CAPTURE_DELAYS, type CapturePolicy } from './capture-policy.ts';
import type { QualityReport } from './worker-messages.ts';

const POLICY: CapturePolicy = {
  ...CAPTURE_DELAYS,
  matchThreshold: 0.5,
  liveFrom: 0.5,
  spoofBelow: 0.2,
  activeLiveness: 'whenUnsure',
};
const FRAME_MS = 66;

const GOOD: QualityReport = {
  problems: [],
  measures: {
    interEyePx: 80,
    sharpness: 8,
    brightness: 120,
    contrast: 40,
    clipped: 0,
    yawDegrees: 0,
    pitchDegrees: 0,
    rollDegrees: 0,
    noseOffset: 0,
    outside: 0,
    eyeLight: 0.8,
    mouthLight: 0.8,
    mouthContrast: 30,
    eyesOpen: 1,
    templateNorm: 3.8,
  },
};

let serial = 0;
/** A frame like no other before it: one person, live, matching; unless said otherwise. */
function frame(changes: Partial<CaptureSample> = {}): CaptureSample {
  const base = { faces: 1, hint: null, quality: GOOD, liveness: 0.95, similarity: 0.7, continuity: 0.9 };
  return { ...base, digest: `d${serial++}`, ...changes };
}
const nobody = (): CaptureSample =>
  frame({ faces: 0, hint: 'lookHere', quality: null, liveness: null, similarity: null, continuity: null });

/** Feeds frames at 15 a second from the state's beginning until a decision or the end of `samples`. */
function run(samples: Iterable<CaptureSample>, policy = POLICY): { state: CaptureState; frames: number } {
  let state = beginCapture(0);
  let frames = 0;
  for (const sample of samples) {
    frames++;
    state = stepCapture(state, { type: 'assessment', sample, atMs: frames * FRAME_MS }, policy);
    if (state.decision) break;
  }
  return { state, frames };
}
function* forever(make: () => CaptureSample, seconds = 25): Generator<CaptureSample> {
  for (let i = 0; i < (seconds * 1000) / FRAME_MS; i++) yield make();
}
const outcome = (samples: Iterable<CaptureSample>, policy = POLICY) =>
  run(samples, policy).state.decision?.outcome ?? null;

describe('decisions', () => {
  test('a clear match decides on the second good frame, not on the first', () => {
    const { state, frames } = run(forever(() => frame()));
    expect(frames).toBe(2);
    expect(state.decision).toMatchObject({ outcome: 'matched', similarity: 0.7, framesUsed: 2 });
  });

  test('the same frame twice is one frame', () => {
    expect(outcome([frame({ digest: 'same' }), frame({ digest: 'same' })])).toBeNull();
  });

  test('one lucky frame among many does not match', () => {
    let i = 0;
    expect(outcome(forever(() => frame({ similarity: i++ % 4 === 2 ? 0.55 : 0.1 })))).toBe('notMatched');
  });

  test('two lucky frames do not outweigh the rest: they must agree', () => {
    const low = () => frame({ similarity: 0.05 });
    expect(outcome([low(), low(), low(), low(), frame({ similarity: 0.51 }), frame({ similarity: 0.52 })])).toBeNull();
  });

  test('another person is not matched, and only after a fair time', () => {
    const { state } = run(forever(() => frame({ similarity: 0.1 })));
    expect(state.decision?.outcome).toBe('notMatched');
    expect(state.decision!.atMs).toBeGreaterThanOrEqual(POLICY.noMatchAfterMs);
  });

  test('a print is suspected even though it matches', () => {
    const { state } = run(forever(() => frame({ liveness: 0.001 })));
    expect(state.decision).toMatchObject({ outcome: 'spoofSuspected', liveness: 0.001 });
  });

  test('live frames between attack-like ones: neither side wins by one frame', () => {
    let i = 0;
    const { state } = run(forever(() => frame({ liveness: i++ % 2 === 0 ? 0.9 : 0.01 })));
    expect(state.decision?.outcome).toBe('timedOut');
  });

  test('frames that are neither live nor attack decide nothing by themselves', () => {
    expect(
      outcome(
        forever(() => frame({ liveness: 0.35 })),
        { ...POLICY, activeLiveness: 'off' },
      ),
    ).toBe('timedOut');
  });

  test('two people: told first, referred when they stay', () => {
    const { state } = run(forever(() => frame({ faces: 2, hint: 'onePersonOnly', similarity: null })));
    expect(shownHint(state)).toBe('onePersonOnly');
    expect(state.decision).toMatchObject({ outcome: 'severalFaces' });
  });

  test('nobody comes', () => {
    expect(outcome(forever(nobody))).toBe('noFace');
  });

  test('frozen video is found, and its two first frames do not match before that', () => {
    expect(outcome(forever(() => frame({ digest: 'frozen' })))).toBe('frozenVideo');
    expect(outcome(forever(() => ({ ...nobody(), digest: 'frozen' })))).toBe('frozenVideo');
  });

  test('a loop is found before it is compared to the end', () => {
    let i = 0;
    const loop = () => frame({ digest: `loop${i++ % 7}`, similarity: 0.2 });
    expect(outcome(forever(loop), { ...POLICY, noMatchFrames: 99 })).toBe('frozenVideo');
    expect(outcome(forever(loop), { ...POLICY, replayedFrames: Number.POSITIVE_INFINITY })).toBe('notMatched');
  });

  test('somebody else steps in: the frames of the first do not count for the second', () => {
    const first = frame();
    const second = frame({ continuity: 0.02, similarity: 0.6 });
    expect(outcome([first, second])).toBeNull();
    expect(run([first, second, frame()]).state.decision).toMatchObject({
      outcome: 'matched',
      faceChanges: 1,
      framesUsed: 2,
    });
  });

  test('faces that keep changing are several people', () => {
    expect(outcome(forever(() => frame({ continuity: 0.05 })))).toBe('severalFaces');
  });

  test('frames of poor quality never count, and time runs out', () => {
    const blurred: QualityReport = { ...GOOD, problems: ['tooBlurred'] };
    expect(outcome(forever(() => frame({ quality: blurred, hint: 'holdStill' })))).toBe('timedOut');
  });

  test('without a single frame only the time budget decides', () => {
    const early = stepCapture(beginCapture(0), { type: 'tick', atMs: POLICY.budgetMs - 1 }, POLICY);
    expect(early.decision).toBeNull();
    expect(stepCapture(early, { type: 'tick', atMs: POLICY.budgetMs }, POLICY).decision?.outcome).toBe('timedOut');
  });

  test('a decision is final', () => {
    const { state } = run(forever(() => frame()));
    expect(stepCapture(state, { type: 'assessment', sample: nobody(), atMs: 99_999 }, POLICY)).toBe(state);
  });
});

describe('how often to look', () => {
  const step = (state: CaptureState, sample: CaptureSample, atMs: number): CaptureState =>
    stepCapture(state, { type: 'assessment', sample, atMs }, POLICY);

  test('before an empty place now and then; every frame once there is a face, also for a moment after it has gone', () => {
    const empty = step(beginCapture(0), nobody(), 100);
    expect(wantsEveryFrame(empty, 100, POLICY)).toBe(false);
    const somebody = step(empty, frame({ hint: 'comeCloser', similarity: null, liveness: null }), 1_000);
    expect(wantsEveryFrame(somebody, 1_000, POLICY)).toBe(true);
    const gone = step(somebody, nobody(), 1_100);
    expect(wantsEveryFrame(gone, 999 + POLICY.watchAfterMs, POLICY)).toBe(true);
    expect(wantsEveryFrame(gone, 1_000 + POLICY.watchAfterMs, POLICY)).toBe(false);
  });

  test('two faces are looked at as closely as one', () => {
    expect(wantsEveryFrame(step(beginCapture(0), frame({ faces: 2 }), 50), 60, POLICY)).toBe(true);
  });
});

describe('hints', () => {
  test('frames that disagree do not make the hint flicker: at most one change a second', () => {
    let state = beginCapture(0);
    const changes: number[] = [];
    for (let i = 1; i < 15 * 15; i++) {
      const before = shownHint(state);
      const sample = frame({ quality: null, similarity: null, hint: i % 3 === 0 ? 'comeCloser' : 'holdStill' });
      state = stepCapture(state, { type: 'assessment', sample, atMs: i * FRAME_MS }, POLICY);
      if (shownHint(state) !== before) changes.push(i * FRAME_MS);
    }
    for (let i = 1; i < changes.length; i++) expect(changes[i]! - changes[i - 1]!).toBeGreaterThanOrEqual(1000);
    expect(changes.length).toBeLessThanOrEqual(1);
  });

  test('a lasting wish shows after a second, and goes when it is met', () => {
    let state = beginCapture(0);
    const step = (sample: CaptureSample, atMs: number) => {
      state = stepCapture(state, { type: 'assessment', sample, atMs }, { ...POLICY, matchThreshold: 0.99 });
    };
    const far = () => frame({ hint: 'comeCloser', quality: null, similarity: null });
    step(far(), 100);
    expect(shownHint(state)).toBe('lookHere');
    step(far(), 1_100);
    expect(shownHint(state)).toBe('comeCloser');
    step(frame(), 1_300);
    step(frame(), 2_200);
    expect(shownHint(state)).toBeNull();
  });
});

describe('when the attack model stays unsure', () => {
  const UNSURE = { ...POLICY, challengeActions: 1 };
  const posed = (yawDegrees: number, noseOffset: number, more: Partial<CaptureSample> = {}) =>
    frame({ liveness: 0.35, quality: { ...GOOD, measures: { ...GOOD.measures, yawDegrees, noseOffset } }, ...more });
  const unsure = () => posed(0, 0);
  const turnedLeft = () =>
    posed(-30, 0.3, {
      hint: 'lookHere',
      similarity: null,
      quality: { measures: { ...GOOD.measures, yawDegrees: -30, noseOffset: 0.3 }, problems: ['turnedAway'] },
    });
  const asked = Array.from({ length: 40 }, unsure);

  test('a movement is asked for, shown, and after it the same frames are enough', () => {
    const before = run(asked, UNSURE).state;
    expect(before.decision).toBeNull();
    expect(shownHint(before)).toBe('turnLeft');
    const after = run(
      [...asked, ...Array.from({ length: 6 }, turnedLeft), ...Array.from({ length: 8 }, unsure)],
      UNSURE,
    );
    expect(after.state.decision).toMatchObject({ outcome: 'matched', movedAsAsked: true, liveness: 0.35 });
  });

  test('a turned face is told what to do, not to look here', () => {
    const state = run([...asked, turnedLeft()], UNSURE).state;
    expect(shownHint(state)).toBe('turnLeft');
  });

  test('no movement: refused as an attack would be, within the time of one movement', () => {
    const { state } = run(forever(unsure), UNSURE);
    expect(state.decision?.outcome).toBe('challengeFailed');
    expect(state.decision?.atMs).toBeLessThan(2_000 + UNSURE.challengeActionMs);
  });

  test('switched off, an unsure face runs out of time', () => {
    expect(outcome(forever(unsure), { ...UNSURE, activeLiveness: 'off' })).toBe('timedOut');
  });

  test('who is not on the document is not asked to move', () => {
    const { state } = run(
      forever(() => frame({ liveness: 0.35, similarity: 0.1 })),
      UNSURE,
    );
    expect(state.challenge).toBeNull();
  });

  test('somebody else in mid-movement starts from nothing', () => {
    const { state } = run([...asked, frame({ liveness: 0.35, continuity: 0.05 })], UNSURE);
    expect(state).toMatchObject({ challenge: null, faceChanges: 1 });
  });

  test('an attack the model is sure of is one, moving or not', () => {
    const samples = [...asked, ...Array.from({ length: 20 }, () => posed(0, 0, { liveness: 0.01 }))];
    expect(run(samples, UNSURE).state.decision?.outcome).toBe('spoofSuspected');
  });
});
