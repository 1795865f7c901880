import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import {
  deviceProfileSchema,
  type SerialAddress,
  withoutComments,
} from '../../native-bridge/devices/device-profile.ts';
import { directionSchema, laneIdSchema, topologySchema } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { DOOR_STEPS, laneDelaysSchema } from './lane-delays.ts';
import { controlFrom, controlSettingSchema, homeFrom, homeSettingSchema } from './network-setting.ts';
import { chipSettingSchema } from './open-chip.ts';

const MAX_PROFILE_BYTES = 256 * 1024;
const pathSchema = z.string().min(1).max(500);

/** What is fitted in one lane and how it is set. Relative paths are taken from the profile's folder. */
const wholeProfileSchema = z.strictObject({
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
  /** What is fitted: scanner and lane controller; chip reader, depth camera, light, tilt and lamp where there are such. */
  devices: deviceProfileSchema,
  chip: chipSettingSchema,
  face: z
    .strictObject({ modelFolder: pathSchema.nullable().default(null), threads: z.int().min(1).max(8).default(2) })
    .prefault({}),
  controls: z.strictObject({ exit: controlSettingSchema, entry: controlSettingSchema }),
  officers: z
    .strictObject({
      /** Without a touch for so long the console locks itself. */
      idleLockSeconds: z.int().min(30).max(1_800).default(300),
    })
    .prefault({}),
  home: homeSettingSchema,
  /** The profile of the same lane in the other direction, where it can be reversed (`lane-heading.ts`). */
  reversed: pathSchema.optional(),
  /** Whole days that ended crossings are kept, in the record and at each embedded control. */
  keepDays: z
    .strictObject({ record: z.int().min(1).max(3_650).default(30), controls: z.int().min(1).max(3_650).default(30) })
    .prefault({}),
  delays: laneDelaysSchema,
});

export const laneProfileSchema = wholeProfileSchema.superRefine(({ topology, devices, delays }, context) => {
  const { units, passTimeS } = devices.laneController;
  const doors = topology === 'threeDoor' ? 3 : 2;
  if (units.length !== doors)
    context.addIssue({
      code: 'custom',
      path: ['devices', 'laneController', 'units'],
      message: `${doors} doors have ${doors} units`,
    });
  if (devices.codeScanner != null)
    context.addIssue({
      code: 'custom',
      path: ['devices', 'codeScanner'],
      message: 'leave it out: a lane reads no bar codes, and would hear nothing of it (docs/decisions/0058)',
    });
  for (const step of DOOR_STEPS) {
    if ((delays[step] ?? 0) <= passTimeS * 1_000) continue;
    context.addIssue({
      code: 'custom',
      path: ['delays', step],
      message: `longer than the door stays open by itself (devices.laneController.passTimeS: ${passTimeS} s)`,
    });
  }
});
export type LaneProfile = z.infer<typeof laneProfileSchema>;

export type LaneProfileError =
  | { readonly code: 'profileUnreadable'; readonly path: string; readonly detail: string }
  | { readonly code: 'profileInvalid'; readonly path: string; readonly problems: readonly string[] };

/** Reads and checks a lane profile, JSON with `//` comments; gives it with absolute paths. */
export function readLaneProfile(path: string): Result<LaneProfile, LaneProfileError> {
  let value: unknown;
  try {
    if (statSync(path).size > MAX_PROFILE_BYTES)
      return err({ code: 'profileUnreadable', path, detail: 'larger than 256 KiB' });
    value = JSON.parse(withoutComments(readFileSync(path, 'utf8')));
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
    devices: devicesFrom(data.devices, absolute),
    chip: {
      ...data.chip,
      trustStore: data.chip.trustStore === null ? null : absolute(data.chip.trustStore),
      defects: data.chip.defects === null ? null : absolute(data.chip.defects),
    },
    face: { ...data.face, modelFolder: data.face.modelFolder === null ? null : absolute(data.face.modelFolder) },
    controls: {
      exit: controlFrom(data.controls.exit, absolute),
      entry: controlFrom(data.controls.entry, absolute),
    },
    home: homeFrom(data.home, absolute),
    ...(data.reversed === undefined ? {} : { reversed: absolute(data.reversed) }),
  });
}

function devicesFrom(devices: LaneProfile['devices'], absolute: (path: string) => string): LaneProfile['devices'] {
  const { documentScanner, laneController, chipReader, faceCamera, cameraTilt } = devices;
  const at = (address: SerialAddress): SerialAddress =>
    'path' in address ? { path: absolute(address.path) } : address;
  return {
    ...devices,
    documentScanner: { ...documentScanner, at: at(documentScanner.at) },
    laneController: {
      ...laneController,
      at: at(laneController.at),
      map: laneController.map === 'lotTurnstile' ? laneController.map : absolute(laneController.map),
    },
    chipReader: chipReader?.driver === 'pn532' ? { ...chipReader, at: at(chipReader.at) } : chipReader,
    faceCamera: faceCamera == null ? null : { ...faceCamera, at: at(faceCamera.at) },
    cameraTilt: cameraTilt == null ? null : { ...cameraTilt, at: at(cameraTilt.at) },
  };
}
