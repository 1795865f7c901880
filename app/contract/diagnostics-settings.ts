import { z } from 'zod';

/**
 * What a technician may set, within limits. Delays in milliseconds, thresholds as the models' own numbers, lights in percent, mounts in
 * degrees. What belongs to a device that is not fitted is no setting of this lane.
 */
export const SETTING_KINDS = {
  enterTimeout: 'delay',
  faceTimeout: 'delay',
  moveTimeout: 'delay',
  passTimeout: 'delay',
  controlDeadline: 'delay',
  answerTimeout: 'delay',
  showEnd: 'delay',
  cameraSilence: 'delay',
  matchThreshold: 'threshold',
  liveFrom: 'threshold',
  spoofBelow: 'threshold',
  lightStart: 'light',
  lightMost: 'light',
  tiltHome: 'tilt',
  tiltLow: 'tilt',
} as const;
export type SettingId = keyof typeof SETTING_KINDS;
export const SETTING_IDS = Object.keys(SETTING_KINDS) as [SettingId, ...SettingId[]];
export const settingIdSchema = z.enum(SETTING_IDS);

export const settingValuesSchema = z.partialRecord(settingIdSchema, z.number().min(-90).max(600_000));
export type SettingValues = z.infer<typeof settingValuesSchema>;

/** One setting as it stands, with the limits it may move in. */
export const settingViewSchema = z.strictObject({
  id: settingIdSchema,
  value: z.number(),
  /** What the lane profile and the models say without a technician. */
  standard: z.number(),
  min: z.number(),
  max: z.number(),
  step: z.number(),
});
export type SettingView = z.infer<typeof settingViewSchema>;

/** `standard`: there is no file. `refused`: it is damaged or not signed by this lane, and the lane stays out of service. */
export const settingsFileViewSchema = z.strictObject({
  state: z.enum(['standard', 'signed', 'refused']),
  code: z.string().max(40).nullable(),
  changedAt: z.iso.datetime().nullable(),
  officer: z.string().max(16).nullable(),
});
export type SettingsFileView = z.infer<typeof settingsFileViewSchema>;
