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
  }),
  laneController: z.strictObject({
    driver: z.literal('modbusTurnstile'),
    at: serialAddressSchema,
    baudRate: baudRateSchema,
    /** `lotTurnstile`, or the file of another register map beside the profile. */
    map: z.string().min(1).max(256),
    /** Unit ids in the order a traveller meets the doors. */
    units: unitsSchema,
    /** Seconds until an unused grant expires in the door unit: the longest a door can stay open when the lane dies. */
    passTimeS: z.int().min(1).max(60),
    passageTimeS: z.int().min(1).max(60),
  }),
  chipReader: z
    .discriminatedUnion('driver', [
      z.strictObject({ driver: z.literal('pn532'), at: serialAddressSchema }),
      z.strictObject({ driver: z.literal('vpcd'), host: z.string().min(1).max(253), port: z.int().min(1).max(65_535) }),
    ])
    .nullable(),
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
