import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * `node build/package/udev-rules.ts` writes build/field/udev/70-jointgate.rules from the drivers' own identities and
 * build/field/usb-devices.json; a test fails when it is stale. The rules do two things: they give the lane's group its devices, and
 * they refuse every USB interface that a lane has no use for (a stick, a network card, a keyboard that types by itself).
 */
const RULES = fileURLToPath(new URL('../field/udev/70-jointgate.rules', import.meta.url));
const DEVICES = new URL('../field/usb-devices.json', import.meta.url);
const GROUP = 'jointgate';

const devicesSchema = z.object({
  serial: z.array(z.object({ vendor: z.string().regex(/^[0-9a-f]{4}$/), maker: z.string(), what: z.string() })),
});

/** Interface classes of USB (usb.org, Defined Class Codes) that any device of a lane may have. */
const CLASSES: Readonly<Record<string, string>> = {
  '02': 'communication (CDC): scanners, chip readers',
  '0a': 'CDC data',
  '09': 'hub',
  '0b': 'smart card reader',
  '0e': 'video: the face camera',
};
const HID = '03';
const VENDOR_SPECIFIC = 'ff';

interface HidDevice {
  readonly vendor: string;
  readonly product: string;
  readonly what: string;
}

export async function udevRules(): Promise<string> {
  const { serial } = devicesSchema.parse(JSON.parse(readFileSync(DEVICES, 'utf8')));
  const hid = await hidDevices();
  const lines = [
    '# Written by `node build/package/udev-rules.ts`. Local additions: /etc/udev/rules.d/99-jointgate-local.rules.',
    '',
    "# The lane's devices belong to its group; nobody else reads a scanner or moves a door.",
    ...serial.map(
      ({ vendor, maker, what }) =>
        `SUBSYSTEM=="tty", ATTRS{idVendor}=="${vendor}", GROUP="${GROUP}", MODE="0660", ENV{ID_MM_DEVICE_IGNORE}="1" # ${maker}, ${what}`,
    ),
    ...hid.map(
      ({ vendor, product, what }) =>
        `SUBSYSTEM=="hidraw", ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}", GROUP="${GROUP}", MODE="0660" # ${what}`,
    ),
    `SUBSYSTEM=="video4linux", GROUP="${GROUP}", MODE="0660"`,
    '',
    '# Allow-list: a new interface is shut until a rule below opens it (Documentation/usb/authorization, interface authorisation).',
    'ACTION=="add", SUBSYSTEM=="usb", KERNEL=="usb*", ENV{DEVTYPE}=="usb_device", ATTR{interface_authorized_default}="0"',
    ...Object.entries(CLASSES).map(
      ([code, what]) => `${NEW_INTERFACE}, ATTR{bInterfaceClass}=="${code}", ATTR{authorized}="1" # ${what}`,
    ),
    ...serial.map(
      ({ vendor, maker }) =>
        `${NEW_INTERFACE}, ATTR{bInterfaceClass}=="${VENDOR_SPECIFIC}", ATTRS{idVendor}=="${vendor}", ATTR{authorized}="1" # ${maker}`,
    ),
    '# Human interface devices by their very identity only: a keyboard is never one of them.',
    ...hid.map(
      ({ vendor, product, what }) =>
        `${NEW_INTERFACE}, ATTR{bInterfaceClass}=="${HID}", ATTR{bInterfaceProtocol}=="00", ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}", ATTR{authorized}="1" # ${what}`,
    ),
    '',
  ];
  return lines.flatMap(commentAbove).join('\n');
}

/** udev takes a comment on a line of its own only. */
function commentAbove(line: string): readonly string[] {
  const [rule = '', comment] = line.startsWith('#') ? [line] : line.split(' # ');
  return comment === undefined ? [rule] : [`# ${comment}`, rule];
}

const NEW_INTERFACE = 'ACTION=="add", SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_interface"';

/** The build room imports no product room: modules are taken by path and read as data from outside. */
async function hidDevices(): Promise<readonly HidDevice[]> {
  const load = (path: string): Promise<unknown> =>
    import(new URL(`../../native-bridge/protocol/${path}`, import.meta.url).href);
  const relay = z
    .object({ HID_RELAY_VENDOR: z.int(), HID_RELAY_PRODUCT: z.int() })
    .parse({ ...Object(await load('hid-relay.ts')) });
  const litra = z
    .object({ LITRA_VENDOR: z.int(), LITRA_PRODUCTS: z.record(z.string(), z.int()) })
    .parse({ ...Object(await load('litra.ts')) });
  return [
    { vendor: hex(relay.HID_RELAY_VENDOR), product: hex(relay.HID_RELAY_PRODUCT), what: 'lamp relay' },
    ...Object.entries(litra.LITRA_PRODUCTS).map(([name, product]) => ({
      vendor: hex(litra.LITRA_VENDOR),
      product: hex(product),
      what: `Litra ${name} light`,
    })),
  ];
}

const hex = (value: number): string => value.toString(16).padStart(4, '0');

if (import.meta.main) {
  writeFileSync(RULES, await udevRules());
  console.log(`${RULES} is written`);
}
