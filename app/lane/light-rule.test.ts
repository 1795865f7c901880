import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginLight,
  type Exposure,
  exposureOfScene,
  FRAMES_BEFORE,
  LEAST_PERCENT,
  type LightState,
  SCENE_DARK,
  SCENE_LIT,
  stepLight,
} from './light-rule.ts';

const RANGE = { startPercent: 50, mostPercent: 90 };

/** A face whose grey level follows the light, in a hall with light of its own. */
function exposureAt(percent: number, hall: number, gain: number): Exposure {
  const grey = hall + gain * percent;
  return grey < 60 ? 'tooDark' : grey > 200 ? 'tooBright' : 'right';
}

function play(frames: number, exposure: (state: LightState) => Exposure): readonly LightState[] {
  const states = [beginLight(RANGE)];
  for (let frame = 0; frame < frames; frame += 1) {
    const last = states.at(-1)!;
    states.push(stepLight(last, exposure(last), RANGE));
  }
  return states;
}

test('one dark frame changes nothing, several in a row do', () => {
  const states = play(FRAMES_BEFORE, () => 'tooDark');
  expect(states.map(({ percent }) => percent)).toEqual([50, 50, 50, 74]);
  const flickering = play(30, ({ frames, wanted }) => (wanted === 'tooDark' && frames > 0 ? 'right' : 'tooDark'));
  expect(new Set(flickering.map(({ percent }) => percent))).toEqual(new Set([50]));
});

test('it stays within its bounds, whatever the pictures say', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<Exposure>('tooDark', 'right', 'tooBright'), { maxLength: 200 }), (seen) => {
      let state = beginLight(RANGE);
      for (const exposure of seen) {
        state = stepLight(state, exposure, RANGE);
        expect(state.percent).toBeGreaterThanOrEqual(LEAST_PERCENT);
        expect(state.percent).toBeLessThanOrEqual(RANGE.mostPercent);
      }
    }),
  );
});

test('in any hall it comes to rest, at a light that is right if there is one', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 150, noNaN: true }),
      fc.double({ min: 0.5, max: 3, noNaN: true }),
      (hall, gain) => {
        const states = play(120, ({ percent }) => exposureAt(percent, hall, gain));
        const tail = states.slice(-40).map(({ percent }) => percent);
        expect(new Set(tail).size).toBe(1);
        const someRight = [5, 15, 25, 35, 45, 55, 65, 75, 85, 90].filter(
          (at) => exposureAt(at, hall, gain) === 'right',
        );
        if (someRight.length >= 4) expect(exposureAt(tail[0]!, hall, gain)).toBe('right');
      },
    ),
  );
});

test('a light between too dark and too bright does not swing for ever', () => {
  const states = play(300, ({ percent }) => (percent < 60 ? 'tooDark' : 'tooBright'));
  const moves = states.filter(({ percent }, index) => index > 0 && percent !== states[index - 1]!.percent).length;
  expect(moves).toBeLessThanOrEqual(6);
});

test('a scene is dark below one limit and stays so up to a higher one; a lit one says nothing', () => {
  const said = (brightness: number, wanted: Exposure) => exposureOfScene(brightness, { wanted });
  expect([said(SCENE_DARK - 1, 'right'), said(SCENE_DARK, 'right')]).toEqual(['tooDark', null]);
  expect([said(SCENE_LIT - 1, 'tooDark'), said(SCENE_LIT, 'tooDark')]).toEqual(['tooDark', null]);
  expect(said(255, 'tooDark')).toBeNull();
});

test('in a dark hall without a face it rises within its bounds, rests, and is as right as before when a face is seen', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (hall, gain) => {
        let state = beginLight(RANGE);
        const percents: number[] = [];
        for (let frame = 0; frame < 100; frame += 1) {
          const exposure = exposureOfScene(hall + gain * state.percent, state);
          if (exposure !== null) state = stepLight(state, exposure, RANGE);
          percents.push(state.percent);
        }
        expect(percents.every((percent, index) => index === 0 || percent >= percents[index - 1]!)).toBe(true);
        expect(Math.max(...percents)).toBeLessThanOrEqual(RANGE.mostPercent);
        const isLit = hall + gain * state.percent >= SCENE_DARK;
        expect(isLit || state.percent === RANGE.mostPercent).toBe(true);
      },
    ),
  );
});
