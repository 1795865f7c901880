import type { CapturePolicy } from '../../../../models/face/capture-policy.ts';
import {
  SETTING_IDS,
  type SettingId,
  type SettingValues,
  type SettingView,
} from '../../../contract/diagnostics-settings.ts';
import { crossingDelaysOf, DOOR_STEPS, type LaneDelaysSetting } from '../../lane-delays.ts';

/** What settings stand on: the profile's delays, the door units' own pass time, and what the models' manifest decides. */
export interface SettingsBase {
  readonly delays: LaneDelaysSetting;
  readonly passTimeS: number;
  readonly policy: Pick<CapturePolicy, 'matchThreshold' | 'liveFrom' | 'spoofBelow'>;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const DELAY_RANGES: Readonly<Record<Exclude<SettingId, keyof SettingsBase['policy']>, Range>> = {
  enterTimeout: { min: 5_000, max: 60_000, step: 500 },
  faceTimeout: { min: 8_000, max: 60_000, step: 500 },
  moveTimeout: { min: 5_000, max: 60_000, step: 500 },
  passTimeout: { min: 5_000, max: 60_000, step: 500 },
  controlDeadline: { min: 1_000, max: 20_000, step: 500 },
  answerTimeout: { min: 2_000, max: 30_000, step: 500 },
  showEnd: { min: 1_000, max: 15_000, step: 500 },
  cameraSilence: { min: 1_000, max: 15_000, step: 500 },
};

/** The strictest a threshold may be set: above it nobody would be served. */
const STRICTEST = { matchThreshold: 0.95, liveFrom: 0.99, spoofBelow: 0.95 } as const;

/** Every setting with its standard and its limits. A technician may make a face decision stricter, never more lenient. */
export function settingViews(base: SettingsBase, values: SettingValues): readonly SettingView[] {
  const standards: Readonly<Record<SettingId, number>> = {
    ...crossingDelaysOf(base.delays, base.passTimeS),
    showEnd: base.delays.showEnd,
    cameraSilence: base.delays.cameraSilence,
    ...pick(base.policy),
  };
  return SETTING_IDS.map((id) => {
    const standard = standards[id];
    const range = rangeOf(id, standard, base.passTimeS);
    return { id, value: values[id] ?? standard, standard, ...range };
  });
}

function pick({ matchThreshold, liveFrom, spoofBelow }: SettingsBase['policy']): SettingsBase['policy'] {
  return { matchThreshold, liveFrom, spoofBelow };
}

function rangeOf(id: SettingId, standard: number, passTimeS: number): Range {
  if (id === 'matchThreshold' || id === 'liveFrom' || id === 'spoofBelow')
    return { min: standard, max: Math.max(standard, STRICTEST[id]), step: 0.005 };
  const { min, max, step } = DELAY_RANGES[id];
  // The door unit shuts by itself after its pass time: no step may ask somebody to walk to a door that has shut.
  const ceiling = (DOOR_STEPS as readonly string[]).includes(id) ? Math.min(max, passTimeS * 1_000) : max;
  return { min: Math.min(min, standard), max: Math.max(ceiling, standard), step };
}

export type SettingsProblem = 'settingOutOfLimits' | 'answerBeforeDeadline' | 'spoofAboveLive';

/** Between the deadline the controls are given and the lane's own fence. */
const ANSWER_MARGIN_MS = 1_000;

/** What is wrong with a set of values as a whole; null when nothing is. */
export function settingsProblem(views: readonly SettingView[]): SettingsProblem | null {
  const outside = views.some(({ value, min, max }) => !Number.isFinite(value) || value < min || value > max);
  if (outside) return 'settingOutOfLimits';
  const of = (id: SettingId): number => views.find((view) => view.id === id)?.value ?? Number.NaN;
  if (of('answerTimeout') < of('controlDeadline') + ANSWER_MARGIN_MS) return 'answerBeforeDeadline';
  return of('spoofBelow') > of('liveFrom') ? 'spoofAboveLive' : null;
}

/** Only what differs from the standard is worth keeping: a later profile or model then moves the rest with it. */
export function differingValues(views: readonly SettingView[]): SettingValues {
  return Object.fromEntries(
    views.filter(({ value, standard }) => value !== standard).map(({ id, value }) => [id, value]),
  );
}

const isThreshold = (id: string): id is keyof SettingsBase['policy'] =>
  id === 'matchThreshold' || id === 'liveFrom' || id === 'spoofBelow';

export function delayValues(values: SettingValues): Partial<LaneDelaysSetting> {
  return Object.fromEntries(Object.entries(values).filter(([id]) => !isThreshold(id)));
}

export function policyValues(values: SettingValues): Partial<CapturePolicy> {
  return Object.fromEntries(Object.entries(values).filter(([id]) => isThreshold(id)));
}
