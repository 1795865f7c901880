import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait } from '../../app/demo/specimens/portrait.ts';
import { readManifest } from '../manifest.ts';
import {
  beginChallenge,
  CHALLENGE_DELAYS,
  type ChallengeSample,
  type ChallengeState,
  challengeHint,
  challengeTick,
  stepChallenge,
} from './challenge.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { readPhotograph } from './photograph.ts';
import { closePipeline, type FacePipeline, openPipeline } from './pipeline.ts';
import type { QualityMeasures } from './quality.ts';

const THRESHOLD = 0.5;
const PLAIN = { yawDegrees: 0, noseOffset: 0, eyesOpen: 0.98 };

function look(changes: Partial<typeof PLAIN> = {}, sample: Partial<ChallengeSample> = {}): ChallengeSample {
  const measures = { ...PLAIN, ...changes } as QualityMeasures;
  const turned = Math.abs(measures.yawDegrees) > 20;
  return {
    faces: 1,
    quality: { measures, problems: turned ? ['turnedAway'] : [] },
    similarity: turned ? null : 0.7,
    ...sample,
  };
}
const AHEAD = look();
const LEFT = look({ yawDegrees: -25, noseOffset: 0.3 });
const RIGHT = look({ yawDegrees: 25, noseOffset: -0.3 });
const SHUT = look({ eyesOpen: 0.05 });
/** A sheet that is turned: the pose model reads a turn, but the nose stays where it was between the eyes. */
const SHEET = look({ yawDegrees: -25, noseOffset: 0.02 });

const FRAME_MS = 66;
/** Seeds whose first movement is the wanted one, the blink left out. */
const seedFor = (action: 'turnLeft' | 'turnRight') => (action === 'turnLeft' ? 0 : 1);

function play(samples: readonly ChallengeSample[], seed = 0, blinks = false): ChallengeState {
  return samples.reduce(
    (state, sample, i) => stepChallenge(state, sample, THRESHOLD, (i + 1) * FRAME_MS, CHALLENGE_DELAYS),
    beginChallenge(0, seed, blinks, CHALLENGE_DELAYS),
  );
}
const twice = (...samples: ChallengeSample[]) => samples.flatMap((sample) => [sample, sample]);

describe('movements on request', () => {
  test('look ahead, turn left, come back, turn right, come back: passed', () => {
    expect(challengeHint(play([]))).toBe('lookHere');
    expect(challengeHint(play(twice(AHEAD)))).toBe('turnLeft');
    expect(challengeHint(play(twice(AHEAD, LEFT)))).toBe('lookHere');
    expect(challengeHint(play(twice(AHEAD, LEFT, AHEAD)))).toBe('turnRight');
    expect(play(twice(AHEAD, LEFT, AHEAD, RIGHT)).result).toBeNull();
    expect(play(twice(AHEAD, LEFT, AHEAD, RIGHT, AHEAD)).result).toBe('passed');
  });

  test('eyes that shut for one frame are a blink, in a face that looks ahead only', () => {
    const seed = [...Array(20).keys()].find(
      (n) => beginChallenge(0, n, true, CHALLENGE_DELAYS).actions[0] === 'blink',
    )!;
    expect(challengeHint(play([AHEAD, AHEAD, SHUT], seed, true))).toBe('lookHere');
    const hidden = look({ eyesOpen: 0.05, yawDegrees: -30 });
    expect(challengeHint(play([AHEAD, AHEAD, hidden, hidden], seed, true))).toBe('blink');
  });

  test('a turned sheet is no turned head', () => {
    const state = play([AHEAD, AHEAD, ...Array<ChallengeSample>(20).fill(SHEET)]);
    expect(state).toMatchObject({ phase: 'moving', done: 0, result: null });
  });

  test('one wrong turn is forgiven, two are not: a film of a moving head does them all', () => {
    const once = [...twice(AHEAD, RIGHT, AHEAD), ...twice(LEFT, AHEAD)];
    expect(play(once)).toMatchObject({ wrongTurns: 1, done: 1, result: null });
    expect(play(twice(AHEAD, RIGHT, AHEAD, RIGHT)).result).toBe('failed');
  });

  test('somebody else who comes back does not count as having come back', () => {
    const other = look({}, { similarity: 0.1 });
    expect(play([...twice(AHEAD, LEFT), ...Array<ChallengeSample>(10).fill(other)])).toMatchObject({
      phase: 'returning',
      done: 0,
    });
  });

  test('a movement that does not come in its time has failed', () => {
    const waiting = play(twice(AHEAD));
    expect(challengeTick(waiting, waiting.sinceMs + CHALLENGE_DELAYS.challengeActionMs - 1, CHALLENGE_DELAYS)).toBe(
      waiting,
    );
    const late = challengeTick(waiting, waiting.sinceMs + CHALLENGE_DELAYS.challengeActionMs, CHALLENGE_DELAYS);
    expect(late.result).toBe('failed');
    expect(stepChallenge(late, LEFT, THRESHOLD, 1e6, CHALLENGE_DELAYS)).toBe(late);
  });

  test('frames with nobody or with two people show nothing, for or against', () => {
    const nobody = { faces: 0, quality: null, similarity: null };
    const before = play(twice(AHEAD));
    expect(stepChallenge(before, nobody, THRESHOLD, before.sinceMs + 1, CHALLENGE_DELAYS)).toBe(before);
    expect(stepChallenge(before, { ...LEFT, faces: 2 }, THRESHOLD, before.sinceMs + 1, CHALLENGE_DELAYS)).toBe(before);
  });

  test('every seed asks for as many movements as the policy says, never the same twice running, all orders among them', () => {
    const orders = new Set<string>();
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.boolean(), (seed, blinks) => {
        const { actions } = beginChallenge(0, seed, blinks, CHALLENGE_DELAYS);
        orders.add(actions.join());
        expect(actions).toHaveLength(CHALLENGE_DELAYS.challengeActions);
        expect(actions[0]).not.toBe(actions[1]);
        if (!blinks) expect(actions).not.toContain('blink');
      }),
      { numRuns: 300 },
    );
    expect(orders.size).toBe(6);
    expect(play([], seedFor('turnRight')).actions[0]).toBe('turnRight');
  });

  test('a film that goes on moving by itself passes hardly ever: never, when it does nothing but one movement', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), (seed) => {
        const film = Array.from({ length: 180 }, (_, i) => ((i >> 3) % 2 === 0 ? AHEAD : LEFT));
        expect(play(film, seed).result).not.toBe('passed');
      }),
      { numRuns: 50 },
    );
  });
});

describe('what the models say of a turned head', () => {
  let pipeline: FacePipeline;
  beforeAll(async () => {
    const manifest = unwrap(await readManifest());
    pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
  }, 30_000);
  afterAll(() => closePipeline(pipeline));
  const measured = async (bytes: Uint8Array) =>
    unwrap(await readPhotograph(pipeline, bytes, { liveness: false })).measures;

  test('a specimen who looks to her own left, and her mirror image', async () => {
    const left = await cutPortrait('p08');
    const seen = await measured(left);
    const mirrored = await measured(await sharp(left).flop().toBuffer());
    expect(mirrored.yawDegrees - seen.yawDegrees).toBeGreaterThan(2 * CHALLENGE_DELAYS.turnDegrees);
    expect(seen.noseOffset - mirrored.noseOffset).toBeGreaterThan(2 * CHALLENGE_DELAYS.turnNoseOffset);
  });

  test('a portrait narrowed like a sheet that is turned by 45 degrees keeps its nose in place', async () => {
    for (const id of ['p02', 'p05', 'p07']) {
      const portrait = await cutPortrait(id);
      const { width = 0, height = 0 } = await sharp(portrait).metadata();
      const flat = await measured(portrait);
      const turned = await measured(
        await sharp(portrait)
          .resize(Math.round(width * 0.7), height, { fit: 'fill' })
          .toBuffer(),
      );
      expect(Math.abs(turned.noseOffset - flat.noseOffset), id).toBeLessThan(CHALLENGE_DELAYS.turnNoseOffset / 2);
    }
  });
});
