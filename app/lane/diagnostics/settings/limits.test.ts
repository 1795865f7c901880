import { expect, test } from 'vitest';
import { SETTING_IDS } from '../../../contract/diagnostics-settings.ts';
import { laneDelaysSchema } from '../../lane-delays.ts';
import {
  delayValues,
  differingValues,
  policyValues,
  type SettingsBase,
  settingsProblem,
  settingViews,
  standValues,
} from './limits.ts';

const BASE: SettingsBase = {
  delays: laneDelaysSchema.parse({}),
  passTimeS: 10,
  policy: { matchThreshold: 0.62, liveFrom: 0.7, spoofBelow: 0.3 },
  light: { startPercent: 50, mostPercent: 80 },
  tilt: { lowestDegrees: -20, highestDegrees: 25, homeDegrees: 0, lowDegrees: -12, verticalFieldDegrees: 43 },
};

test('without a technician every setting stands at its standard, inside its limits', () => {
  const views = settingViews(BASE, {});
  expect(views.map(({ id }) => id)).toEqual(SETTING_IDS);
  for (const { id, value, standard, min, max } of views) {
    expect(value, id).toBe(standard);
    expect(min <= standard && standard <= max, id).toBe(true);
  }
  expect(settingsProblem(views)).toBeNull();
  expect(differingValues(views)).toEqual({});
});

test('a face decision can be made stricter and never more lenient', () => {
  expect(settingsProblem(settingViews(BASE, { matchThreshold: 0.7 }))).toBeNull();
  expect(settingsProblem(settingViews(BASE, { matchThreshold: 0.61 }))).toBe('settingOutOfLimits');
  expect(settingsProblem(settingViews(BASE, { liveFrom: 0.5 }))).toBe('settingOutOfLimits');
});

test('no step outlasts the door’s own pass time', () => {
  expect(settingsProblem(settingViews(BASE, { passTimeout: 10_500 }))).toBe('settingOutOfLimits');
  expect(settingsProblem(settingViews(BASE, { passTimeout: 9_000 }))).toBeNull();
});

test('values that contradict each other are refused though each is within its limits', () => {
  expect(settingsProblem(settingViews(BASE, { controlDeadline: 12_000 }))).toBe('answerBeforeDeadline');
  expect(settingsProblem(settingViews(BASE, { spoofBelow: 0.8 }))).toBe('spoofAboveLive');
  expect(settingsProblem(settingViews(BASE, { enterTimeout: Number.NaN }))).toBe('settingOutOfLimits');
});

test('only what differs is kept, delays and thresholds apart', () => {
  const values = differingValues(settingViews(BASE, { enterTimeout: 8_000, liveFrom: 0.8, showEnd: 4_000 }));
  expect(values).toEqual({ enterTimeout: 8_000, liveFrom: 0.8 });
  expect(delayValues(values)).toEqual({ enterTimeout: 8_000 });
  expect(policyValues(values)).toEqual({ liveFrom: 0.8 });
});

test('a light is never brighter than the profile allows and begins no brighter than it may get; a mount stays within its turn', () => {
  const problem = (values: Parameters<typeof settingViews>[1]) => settingsProblem(settingViews(BASE, values));
  expect(problem({ lightMost: 81 })).toBe('settingOutOfLimits');
  expect(problem({ lightMost: 4 })).toBe('settingOutOfLimits');
  expect(problem({ lightMost: 40 })).toBe('lightStartAboveMost');
  expect(problem({ lightMost: 40, lightStart: 40 })).toBeNull();
  expect(problem({ tiltHome: 25, tiltLow: -20 })).toBeNull();
  expect(problem({ tiltHome: 25.5 })).toBe('settingOutOfLimits');
  expect(problem({ tiltLow: -20.5 })).toBe('settingOutOfLimits');
  expect(standValues({ lightMost: 40, tiltLow: -15, enterTimeout: 8_000 })).toEqual({
    light: { mostPercent: 40 },
    tilt: { lowDegrees: -15 },
  });
});

test('what is not fitted is no setting of the lane, and a value of it that was kept changes nothing', () => {
  const bare = { ...BASE, light: null, tilt: null };
  const views = settingViews(bare, { lightMost: 40, tiltHome: 90 });
  expect(views.map(({ id }) => id)).toEqual(SETTING_IDS.filter((id) => !/^(light|tilt)/.test(id)));
  expect(settingsProblem(views)).toBeNull();
});
