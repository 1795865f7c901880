import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginTilt, FACELESS_FRAMES, OFF_FRAMES, stepTilt, type TiltState } from './tilt-rule.ts';

const RANGE = { lowestDegrees: -20, highestDegrees: 20, homeDegrees: 0, lowDegrees: -12, verticalFieldDegrees: 40 };

/** A face at this angle above the horizon, as the camera sees it; null out of its picture. */
function faceAt(faceDegrees: number, { degrees }: TiltState): number | null {
  const at = 0.5 - (faceDegrees - degrees) / RANGE.verticalFieldDegrees;
  return at < 0 || at > 1 ? null : at;
}

function play(faceDegrees: number, frames = 60, low = false): readonly TiltState[] {
  const states = [beginTilt(RANGE, low)];
  for (let frame = 0; frame < frames; frame += 1)
    states.push(stepTilt(states.at(-1)!, faceAt(faceDegrees, states.at(-1)!), RANGE));
  return states;
}

test('a face near the middle moves nothing', () => {
  expect(new Set(play(5).map(({ degrees }) => degrees))).toEqual(new Set([0]));
});

test('a face that stays high or low is followed, one that only passes is not', () => {
  const states = play(-15);
  expect(states.slice(0, OFF_FRAMES).map(({ degrees }) => degrees)).toEqual([0, 0, 0]);
  expect(states.at(-1)?.degrees).toBeCloseTo(-15);
  let state = beginTilt(RANGE, false);
  for (const at of [0.9, 0.9, 0.5, 0.9, 0.9, 0.5]) state = stepTilt(state, at, RANGE);
  expect(state.degrees).toBe(0);
});

test('a child below the picture is looked for once', () => {
  const states = play(-30, 4 * FACELESS_FRAMES);
  expect(states[FACELESS_FRAMES]?.degrees).toBe(-12);
  expect(states.at(-1)?.degrees).toBeLessThanOrEqual(-12);
  const nobody = play(-89, 10 * FACELESS_FRAMES).map(({ degrees }) => degrees);
  expect(new Set(nobody)).toEqual(new Set([0, -12]));
  expect(nobody.filter((degrees, index) => index > 0 && degrees !== nobody[index - 1])).toHaveLength(1);
});

test('the low layout begins low, and looks up once where nobody is', () => {
  const states = play(14, 3 * FACELESS_FRAMES, true);
  expect(states[0]?.degrees).toBe(-12);
  expect(states.at(-1)?.degrees).toBeCloseTo(14);
});

test('wherever a face is, the mount stays within what it can do and comes to rest', () => {
  fc.assert(
    fc.property(fc.double({ min: -45, max: 45, noNaN: true }), fc.boolean(), (face, low) => {
      const states = play(face, 100, low).map(({ degrees }) => degrees);
      for (const degrees of states) expect(Math.abs(degrees)).toBeLessThanOrEqual(20);
      expect(new Set(states.slice(-40)).size).toBe(1);
    }),
  );
});
