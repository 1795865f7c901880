import type { CapturePolicy } from '../../../../models/face/capture-policy.ts';
import {
  SETTING_IDS,
  SETTING_KINDS,
  type SettingId,
  type SettingValues,
  type SettingView,
} from '../../../contract/diagnostics-settings.ts';
import { crossingDelaysOf, DOOR_STEPS, type LaneDelaysSetting } from '../../lane-delays.ts';
import { LEAST_PERCENT, type LightRange } from '../../light-rule.ts';
import type { TiltRange } from '../../tilt-rule.ts';

/** What settings stand on: the profile's delays, the door units' own pass time, and what the models' manifest decides. */
export interface SettingsBase {
  readonly delays: LaneDelaysSetting;
  readonly passTimeS: number;
  readonly policy: Pick<CapturePolicy, 'matchThreshold' | 'liveFrom' | 'spoofBelow'>;
  /** What the profile says of light and mount, where there are such. */
  readonly light: Readonly<LightRange> | null;
  readonly tilt: Readonly<TiltRange> | null;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

type IdOf<Kind> = { [Id in SettingId]: (typeof SETTING_KINDS)[Id] extends Kind ? Id : never }[SettingId];

const DELAY_RANGES: Readonly<Record<IdOf<'delay'>, Range>> = {
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
  const { light, tilt } = base;
  const standards: Readonly<Record<SettingId, number | null>> = {
    ...crossingDelaysOf(base.delays, base.passTimeS),
    showEnd: base.delays.showEnd,
    cameraSilence: base.delays.cameraSilence,
    ...pick(base.policy),
    lightStart: light?.startPercent ?? null,
    lightMost: light?.mostPercent ?? null,
    tiltHome: tilt?.homeDegrees ?? null,
    tiltLow: tilt?.lowDegrees ?? null,
  };
  return SETTING_IDS.flatMap((id) => {
    const standard = standards[id];
    if (standard === null) return [];
    const range = rangeOf(id, standard, base);
    return [{ id, value: values[id] ?? standard, standard, ...range }];
  });
}

function pick({ matchThreshold, liveFrom, spoofBelow }: SettingsBase['policy']): SettingsBase['policy'] {
  return { matchThreshold, liveFrom, spoofBelow };
}

function rangeOf(id: SettingId, standard: number, { passTimeS, light, tilt }: SettingsBase): Range {
  if (isOf(id, 'threshold')) return { min: standard, max: Math.max(standard, STRICTEST[id]), step: 0.005 };
  // The profile says how bright is safe for somebody's eyes, and how far the mount turns.
  if (isOf(id, 'light')) return { min: LEAST_PERCENT, max: light?.mostPercent ?? standard, step: 1 };
  if (isOf(id, 'tilt'))
    return { min: tilt?.lowestDegrees ?? standard, max: tilt?.highestDegrees ?? standard, step: 0.5 };
  const { min, max, step } = DELAY_RANGES[id];
  // The door unit shuts by itself after its pass time: no step may ask somebody to walk to a door that has shut.
  const ceiling = (DOOR_STEPS as readonly string[]).includes(id) ? Math.min(max, passTimeS * 1_000) : max;
  return { min: Math.min(min, standard), max: Math.max(ceiling, standard), step };
}

export type SettingsProblem = 'settingOutOfLimits' | 'answerBeforeDeadline' | 'spoofAboveLive' | 'lightStartAboveMost';

/** Between the deadline the controls are given and the lane's own fence. */
const ANSWER_MARGIN_MS = 1_000;

/** What is wrong with a set of values as a whole; null when nothing is. */
export function settingsProblem(views: readonly SettingView[]): SettingsProblem | null {
  const outside = views.some(({ value, min, max }) => !Number.isFinite(value) || value < min || value > max);
  if (outside) return 'settingOutOfLimits';
  const of = (id: SettingId): number => views.find((view) => view.id === id)?.value ?? Number.NaN;
  if (of('answerTimeout') < of('controlDeadline') + ANSWER_MARGIN_MS) return 'answerBeforeDeadline';
  if (of('spoofBelow') > of('liveFrom')) return 'spoofAboveLive';
  // Where none is fitted neither is a number, and nothing is above it.
  return of('lightStart') > of('lightMost') ? 'lightStartAboveMost' : null;
}

/** Only what differs from the standard is worth keeping: a later profile or model then moves the rest with it. */
export function differingValues(views: readonly SettingView[]): SettingValues {
  return Object.fromEntries(
    views.filter(({ value, standard }) => value !== standard).map(({ id, value }) => [id, value]),
  );
}

function isOf<Kind extends (typeof SETTING_KINDS)[SettingId]>(id: SettingId, kind: Kind): id is IdOf<Kind> {
  return SETTING_KINDS[id] === kind;
}

function ofKind<Kind extends (typeof SETTING_KINDS)[SettingId]>(
  values: SettingValues,
  kind: Kind,
): Partial<Record<IdOf<Kind>, number>> {
  return Object.fromEntries(Object.entries(values).filter(([id]) => isOf(id as SettingId, kind))) as Partial<
    Record<IdOf<Kind>, number>
  >;
}

export function delayValues(values: SettingValues): Partial<LaneDelaysSetting> {
  return ofKind(values, 'delay');
}

export function policyValues(values: SettingValues): Partial<CapturePolicy> {
  return ofKind(values, 'threshold');
}

/** What of light and mount is another than it was, by the names that their rules know. */
export function standValues(values: SettingValues): {
  readonly light: Partial<LightRange>;
  readonly tilt: Partial<TiltRange>;
} {
  const { lightStart, lightMost, tiltHome, tiltLow } = values;
  return {
    light: {
      ...(lightStart === undefined ? {} : { startPercent: lightStart }),
      ...(lightMost === undefined ? {} : { mostPercent: lightMost }),
    },
    tilt: {
      ...(tiltHome === undefined ? {} : { homeDegrees: tiltHome }),
      ...(tiltLow === undefined ? {} : { lowDegrees: tiltLow }),
    },
  };
}
