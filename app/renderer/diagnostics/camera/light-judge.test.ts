import { expect, test } from 'vitest';
import { beginJudge, type LightJudge, PICTURES_EACH, stepJudge } from './light-judge.ts';

const MOST = 80;

/** A camera that takes half of what is too much or too little back with each picture. */
function watch(hall: number, gain: number): LightJudge {
  let judge = beginJudge();
  let [percent, exposure] = [40, 0];
  for (let picture = 0; picture < 100 && judge.step !== 'done'; picture += 1) {
    const light = hall + gain * percent;
    exposure += (100 - light - exposure) / 2;
    judge = stepJudge(judge, { brightness: light + exposure, percent, mostPercent: MOST });
    // The lane does what the window asked for one picture later.
    percent = judge.step === 'out' ? 0 : MOST;
  }
  return judge;
}

test('a light is seen although the camera’s own exposure takes it back', () => {
  const { step, out, lit } = watch(60, 1);
  expect(step).toBe('done');
  expect(lit - out).toBeGreaterThan(20);
});

test('a light that shines elsewhere changes nothing', () => {
  const { step, out, lit } = watch(60, 0);
  expect(step).toBe('done');
  expect(Math.abs(lit - out)).toBeLessThan(1);
});

test('pictures count only while the light stands as it should', () => {
  let judge = beginJudge();
  for (let picture = 0; picture < 50; picture += 1)
    judge = stepJudge(judge, { brightness: 200, percent: 40, mostPercent: MOST });
  expect(judge).toEqual(beginJudge());
  for (let picture = 0; picture < PICTURES_EACH; picture += 1)
    judge = stepJudge(judge, { brightness: 50, percent: 0, mostPercent: MOST });
  expect(judge).toMatchObject({ step: 'lit', out: 50 });
});
