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
} from './limits.ts';

const BASE: SettingsBase = {
  delays: laneDelaysSchema.parse({}),
  passTimeS: 10,
  policy: { matchThreshold: 0.62, liveFrom: 0.7, spoofBelow: 0.3 },
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
