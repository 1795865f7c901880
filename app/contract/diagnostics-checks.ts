import { z } from 'zod';

/**
 * What the self-test looks at, one line each, in the order of the readiness report. The same words stand in the window, in
 * `jointgate diag --device NAME` and in the support bundle.
 */
export const SELF_CHECKS = {
  laneProfile: 'machine',
  documentScanner: 'devices',
  laneController: 'devices',
  chipReader: 'devices',
  faceCamera: 'devices',
  cameraLight: 'devices',
  cameraTilt: 'devices',
  indicator: 'devices',
  camera: 'devices',
  models: 'face',
  recordFile: 'stores',
  journal: 'stores',
  enrolment: 'stores',
  exitControl: 'stores',
  entryControl: 'stores',
  keys: 'trust',
  certificates: 'trust',
  trustList: 'trust',
  settings: 'machine',
  clock: 'machine',
  disk: 'machine',
} as const;
export type SelfCheckId = keyof typeof SELF_CHECKS;
export const SELF_CHECK_IDS = Object.keys(SELF_CHECKS) as [SelfCheckId, ...SelfCheckId[]];
export const CHECK_GROUPS = ['devices', 'face', 'stores', 'trust', 'machine'] as const;

/** `notFitted`: this lane has no such thing. `notDone`: it could not be looked at here; the code says why. */
export const SELF_OUTCOMES = ['passed', 'warning', 'failed', 'notDone', 'notFitted'] as const;
export const selfOutcomeSchema = z.enum(SELF_OUTCOMES);
export type SelfOutcome = z.infer<typeof selfOutcomeSchema>;

/** Short names with numbers, codes and times: never personal data, never a secret. */
export const factsSchema = z.record(
  z.string().max(40),
  z.union([z.string().max(120), z.number(), z.boolean(), z.null()]),
);
export type Facts = z.infer<typeof factsSchema>;

export const selfCheckSchema = z.strictObject({
  id: z.enum(SELF_CHECK_IDS),
  outcome: selfOutcomeSchema,
  /** Why it did not pass, or what a pass is worth. */
  code: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/)
    .nullable(),
  facts: factsSchema,
  /** How long the look took, milliseconds. */
  ms: z.number().min(0),
});
export type SelfCheck = z.infer<typeof selfCheckSchema>;

export const readinessReportSchema = z.strictObject({
  laneId: z.string().max(32),
  at: z.iso.datetime(),
  /** No check has failed. What could not be done or is not fitted is listed, and is no failure. */
  ready: z.boolean(),
  software: z.string().max(40),
  checks: z.array(selfCheckSchema).max(40),
});
export type ReadinessReport = z.infer<typeof readinessReportSchema>;

export function isReady(checks: readonly SelfCheck[]): boolean {
  return checks.every(({ outcome }) => outcome !== 'failed');
}
