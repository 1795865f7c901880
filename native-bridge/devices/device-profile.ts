import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../app/contract/result.ts';
import { LOT_TURNSTILE, type TurnstileMap, turnstileMapSchema } from '../protocol/turnstile-map.ts';

const usbNumberSchema = z.string().regex(/^[0-9a-fA-F]{4}$/, 'four hexadecimal digits, as lsusb shows them');

/** Where a device is plugged in: a path (or udev name), a USB device by what it is, or a serial server. */
export const serialAddressSchema = z.union([
  z.strictObject({ path: z.string().min(1).max(256) }),
  z.strictObject({
    usb: z.strictObject({
      vendorId: usbNumberSchema,
      productId: usbNumberSchema,
      /** Null only when no second one of its kind is fitted. */
      serialNumber: z.string().min(1).max(126).nullable(),
    }),
  }),
  z.strictObject({ tcp: z.strictObject({ host: z.string().min(1).max(253), port: z.int().min(1).max(65_535) }) }),
]);
export type SerialAddress = z.infer<typeof serialAddressSchema>;

/** A HID device by what it is; node-hid looks for it anew at each opening. */
export const hidIdentitySchema = z.strictObject({
  vendorId: usbNumberSchema,
  productId: usbNumberSchema,
  /** Null only when no second one of its kind is fitted. */
  serialNumber: z.string().min(1).max(126).nullable(),
});
export type HidAddress = z.infer<typeof hidIdentitySchema>;

const baudRateSchema = z.int().min(1_200).max(921_600);
const unitsSchema = z
  .array(z.int().min(1).max(247))
  .min(2)
  .max(3)
  .refine((units) => new Set(units).size === units.length, 'each door has its own unit id');

/** What is fitted in one lane. Everything a driver needs to know about this very lane and nothing else does. */
export const deviceProfileSchema = z.strictObject({
  documentScanner: z.strictObject({
    driver: z.enum(['lineStream', 'elyctis', 'newland', 'honeywell']),
    at: serialAddressSchema,
    baudRate: baudRateSchema,
    /** A line-stream scanner in keyboardless HID mode: it is looked for there, and `at` counts for nothing. */
    hid: hidIdentitySchema.optional(),
  }),
  laneController: z.strictObject({
    driver: z.literal('modbusTurnstile'),
    at: serialAddressSchema,
    baudRate: baudRateSchema,
    /** `lotTurnstile`, or the file of another register map beside the profile. */
    map: z.string().min(1).max(256),
    /** Unit ids in the order a traveller meets the doors. */
    units: unitsSchema,
    /** A reversed lane: its travellers come to the units from their other side. */
    turned: z.literal(true).optional(),
    /** Seconds until an unused grant expires in the door unit: the longest a door can stay open when the lane dies. */
    passTimeS: z.int().min(1).max(60),
    passageTimeS: z.int().min(1).max(60),
  }),
  chipReader: z
    .discriminatedUnion('driver', [
      z.strictObject({ driver: z.literal('pn532'), at: serialAddressSchema }),
      z.strictObject({ driver: z.literal('vpcd'), host: z.string().min(1).max(253), port: z.int().min(1).max(65_535) }),
      /** Any reader of the machine's PC/SC service, by its name or how that begins; needs the optional package pcsc-mini. */
      z.strictObject({
        driver: z.literal('pcsc'),
        name: z.string().min(1).max(127),
        /** Whether this reader carries APDUs of extended length. */
        extendedLength: z.boolean(),
      }),
    ])
    .nullable(),
  /** QR and bar codes, for stations that read them: a lane profile refuses it (docs/decisions/0058). */
  codeScanner: z.strictObject({ driver: z.literal('hidPos'), hid: hidIdentitySchema }).nullish(),
  /** A camera with presentation attack detection of its own. Frames come from a UVC camera, through the screen. */
  faceCamera: z
    .strictObject({
      driver: z.literal('realSenseId'),
      at: serialAddressSchema,
      /**
       * What a crossing is worth that this camera gave no verdict on. `required`: its traveller sees an officer, and without the
       * camera the lane is out of service. `advisory`: it goes on, and the missing verdict is noted. A spoof it sees always counts.
       */
      verdict: z.enum(['required', 'advisory']).default('required'),
    })
    .nullish(),
  cameraLight: z
    .strictObject({
      driver: z.literal('litra'),
      model: z.enum(['glow', 'beam']),
      serialNumber: z.string().min(1).max(126).nullable(),
      /** Where each capture begins; the pictures say whether it needs more or less. */
      startPercent: z.number().min(5).max(100).default(50),
      /** The brightest that is allowed into somebody's eyes at this distance. */
      mostPercent: z.number().min(5).max(100).default(100),
    })
    .refine(({ startPercent, mostPercent }) => startPercent <= mostPercent, 'startPercent is at most mostPercent')
    .nullish(),
  cameraTilt: z
    .strictObject({
      driver: z.literal('visca'),
      at: serialAddressSchema,
      baudRate: baudRateSchema,
      lowestDegrees: z.number().min(-90).max(0),
      highestDegrees: z.number().min(0).max(90),
      /** The mount's own steps, from its manual. */
      stepsPerDegree: z.number().min(0.1).max(1_000),
      /** For a standing adult, and where it rests. */
      homeDegrees: z.number().min(-90).max(90).default(0),
      /** For a child or somebody in a wheelchair. */
      lowDegrees: z.number().min(-90).max(90).default(-12),
      /** What the camera on the mount sees from the upper to the lower edge of its picture. */
      verticalFieldDegrees: z.number().min(10).max(120).default(43),
    })
    .refine(
      ({ lowestDegrees, highestDegrees, homeDegrees, lowDegrees }) =>
        [homeDegrees, lowDegrees].every((degrees) => degrees >= lowestDegrees && degrees <= highestDegrees),
      'homeDegrees and lowDegrees are within lowestDegrees and highestDegrees',
    )
    .nullish(),
  /** A lamp that belongs to no door. A relay never drives a door. */
  indicator: z
    .strictObject({
      driver: z.literal('hidRelay'),
      hid: hidIdentitySchema,
      redRelay: z.int().min(1).max(8),
      greenRelay: z.int().min(1).max(8),
    })
    .refine(({ redRelay, greenRelay }) => redRelay !== greenRelay, 'each lamp has its own relay')
    .nullish(),
});
export type DeviceProfile = z.infer<typeof deviceProfileSchema>;

export interface DeviceProfileError {
  readonly code: 'profileUnreadable' | 'profileInvalid';
  /** One line a technician can act on: the place in the file and what is wrong there. */
  readonly detail: string;
}

const MAX_FILE_BYTES = 64 * 1024;

/** Lines that begin with `//` are comments. */
export function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\/.*$/gm, '');
}

function readJson(file: string): Result<unknown, DeviceProfileError> {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > MAX_FILE_BYTES)
      return err({ code: 'profileUnreadable', detail: `${file} is longer than ${MAX_FILE_BYTES} bytes` });
    return ok(JSON.parse(withoutComments(text)));
  } catch (error) {
    return err({
      code: 'profileUnreadable',
      detail: `${file}: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function check<T>(file: string, schema: z.ZodType<T>): Result<T, DeviceProfileError> {
  const json = readJson(file);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err({
    code: 'profileInvalid',
    detail: `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
  });
}

export function readDeviceProfile(file: string): Result<DeviceProfile, DeviceProfileError> {
  return check(file, deviceProfileSchema);
}

/** The register map a profile names; `profileFolder` is where a map of one's own is looked for. */
export function turnstileMapOf(name: string, profileFolder: string): Result<TurnstileMap, DeviceProfileError> {
  return name === 'lotTurnstile' ? ok(LOT_TURNSTILE) : check(path.resolve(profileFolder, name), turnstileMapSchema);
}
