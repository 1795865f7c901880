import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { directionSchema, laneIdSchema, topologySchema } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { DEFAULT_CROSSING_DELAYS } from '../domain/crossing/delays.ts';

const MAX_PROFILE_BYTES = 256 * 1024;
const pathSchema = z.string().min(1).max(500);
const delayMs = z.int().min(0).max(600_000);

/** Delays of the lane around a crossing, in milliseconds. */
const laneDelaysSchema = z
  .strictObject({
    ...Object.fromEntries(Object.keys(DEFAULT_CROSSING_DELAYS).map((name) => [name, delayMs.optional()])),
    /** Given to both controls to answer. */
    controlDeadline: delayMs.default(8_000),
    /** How long an end screen stays when the lane is already empty. */
    showEnd: delayMs.default(4_000),
    /** No frame for so long while the camera should run: the camera has failed. */
    cameraSilence: delayMs.default(4_000),
    /** Between two looks whether a failed camera works again. */
    cameraProbe: delayMs.default(5_000),
    /** Between two polls of the doors while nothing moves. */
    doorPoll: delayMs.default(100),
  })
  .prefault({});

/** What is fitted in one lane and how it is set. Relative paths are taken from the profile's folder. */
export const laneProfileSchema = z.strictObject({
  version: z.literal(1),
  laneId: laneIdSchema,
  topology: topologySchema,
  direction: directionSchema,
  /** IANA name: which day it is at the port, whatever the machine is set to. */
  timeZone: z
    .string()
    .max(64)
    .refine(
      (name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC',
      'a time zone by its IANA name',
    )
    .default('Asia/Macau'),
  /** Records, keys, enrolment and the embedded controls' own files live here. */
  dataFolder: pathSchema,
  scanner: z.strictObject({ driver: z.literal('lineStream'), path: pathSchema, baudRate: z.int().default(115_200) }),
  laneController: z.strictObject({
    driver: z.literal('modbusLot'),
    path: pathSchema,
    baudRate: z.int().default(9_600),
  }),
  face: z
    .strictObject({ modelFolder: pathSchema.nullable().default(null), threads: z.int().min(1).max(8).default(2) })
    .prefault({}),
  controls: z.strictObject({
    exit: z.strictObject({ kind: z.literal('embedded'), rules: pathSchema }),
    entry: z.strictObject({ kind: z.literal('embedded'), rules: pathSchema }),
  }),
  delays: laneDelaysSchema,
});
export type LaneProfile = z.infer<typeof laneProfileSchema>;

export type LaneProfileError =
  | { readonly code: 'profileUnreadable'; readonly path: string; readonly detail: string }
  | { readonly code: 'profileInvalid'; readonly path: string; readonly problems: readonly string[] };

/** Reads and checks a lane profile; gives it with absolute paths. */
export function readLaneProfile(path: string): Result<LaneProfile, LaneProfileError> {
  let value: unknown;
  try {
    if (statSync(path).size > MAX_PROFILE_BYTES)
      return err({ code: 'profileUnreadable', path, detail: 'larger than 256 KiB' });
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    return err({ code: 'profileUnreadable', path, detail: cause instanceof Error ? cause.message : String(cause) });
  }
  const parsed = laneProfileSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'profile'}: ${issue.message}`);
    return err({ code: 'profileInvalid', path, problems });
  }
  const base = dirname(resolve(path));
  const absolute = (value: string): string => (isAbsolute(value) ? value : resolve(base, value));
  const { data } = parsed;
  return ok({
    ...data,
    dataFolder: absolute(data.dataFolder),
    scanner: { ...data.scanner, path: absolute(data.scanner.path) },
    laneController: { ...data.laneController, path: absolute(data.laneController.path) },
    face: { ...data.face, modelFolder: data.face.modelFolder === null ? null : absolute(data.face.modelFolder) },
    controls: {
      exit: { ...data.controls.exit, rules: absolute(data.controls.exit.rules) },
      entry: { ...data.controls.entry, rules: absolute(data.controls.entry.rules) },
    },
  });
}
