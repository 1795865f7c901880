import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { err, unwrap } from '../../app/contract/result.ts';
import { TD3_SPECIMEN } from '../ports/document-scanner.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { LineStreamScannerSimulator } from '../simulators/line-stream-scanner-simulator.ts';
import { Pn532Simulator } from '../simulators/pn532-simulator.ts';
import { PtyPort } from '../simulators/pty-port.ts';
import { RealSenseIdSimulator } from '../simulators/realsense-id-simulator.ts';
import { SimulatedDevices } from '../simulators/simulated-devices.ts';
import { ViscaSimulator } from '../simulators/visca-simulator.ts';
import { eightNoneOne } from '../transport/serial-link.ts';
import type { ListedPort } from '../transport/sysfs-ports.ts';
import { usbSerialOpener } from '../transport/usb-serial-link.ts';
import type { DeviceProfile } from './device-profile.ts';
import { type FittedDevices, fitDevices } from './fitted-devices.ts';
import { LineStreamScanner } from './line-stream-scanner.ts';
import { ModbusLaneController } from './modbus-lane-controller.ts';
import { Pn532ChipReader } from './pn532-chip-reader.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const end of ends.splice(0).reverse()) await end();
});

/** A lane of simulated devices and what its profile says; the chip reader's and the scanner's cables may lead elsewhere. */
function lane(
  other: { readonly chip?: string; readonly scanner?: string; readonly more?: Partial<DeviceProfile> } = {},
) {
  const folder = mkdtempSync(path.join(tmpdir(), 'jointgate-manager-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  const simulated = new SimulatedDevices({ folder, timing: systemTiming, doorCount: 2, readingMs: 0, travelMs: 0 });
  ends.push(() => simulated.close());
  const chip = new Pn532Simulator({ linkPath: null, timing: systemTiming, apduMs: 0, activationMs: 0 });
  ends.push(() => chip.close());
  const profile: DeviceProfile = {
    documentScanner: {
      driver: 'lineStream',
      at: { path: other.scanner ?? simulated.paths.documentScanner },
      baudRate: 9_600,
    },
    laneController: {
      driver: 'modbusTurnstile',
      at: { path: simulated.paths.laneController },
      baudRate: 9_600,
      map: 'lotTurnstile',
      units: [1, 2],
      passTimeS: 10,
      passageTimeS: 10,
    },
    chipReader: { driver: 'pn532', at: { path: other.chip ?? chip.path } },
    ...other.more,
  };
  const devices = unwrap(fitDevices(profile, folder, systemTiming));
  return { simulated, chip, devices };
}

function stateOf(devices: FittedDevices, name: string): string | undefined {
  return devices.reports.find(({ device }) => device === name)?.state;
}

const until = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 8_000, interval: 2 });

/** A device that is plugged in and never reads, speaks or answers. */
function wedgedPort(): PtyPort {
  const port = new PtyPort(null, () => {});
  port.plug();
  ends.push(() => port.close());
  return port;
}

test('hot-plug: a USB device that comes back under another path is found by its serial number', async () => {
  const options = { linkPath: null, timing: systemTiming, readingMs: 0, lineEnd: '\r', envelope: false } as const;
  const [first, second] = [new LineStreamScannerSimulator(options), new LineStreamScannerSimulator(options)];
  ends.push(() => {
    first.close();
    second.close();
  });
  const usb = { vendorId: '0403', productId: '6001', serialNumber: 'SCANNER1' };
  // A second one of its kind sits at the path that ours had before.
  const other: ListedPort = { ...usb, path: first.path, serialNumber: 'SCANNER2' };
  let listed: readonly ListedPort[] = [{ ...usb, path: first.path }];
  const scanner = new LineStreamScanner({
    opener: usbSerialOpener(usb, eightNoneOne(9_600), () => Promise.resolve(listed)),
    timing: systemTiming,
    idleGapMs: 20,
  });
  ends.push(() => scanner.close());
  const heard: string[] = [];
  scanner.subscribe((event) => heard.push(event.type === 'documentRead' ? event.text : event.type));
  scanner.start();
  await until(() => expect(heard).toEqual(['ready']));
  listed = [];
  first.unplug();
  await until(() => expect(heard).toEqual(['ready', 'lost']));
  first.replug();
  listed = [other, { ...usb, path: second.path }];
  await until(() => expect(heard).toEqual(['ready', 'lost', 'ready']));
  await second.presentDocument(TD3_SPECIMEN);
  await until(() => expect(heard.at(-1)).toBe(TD3_SPECIMEN.join('\n')));
});

// Symptom: on a machine without udevadm the list of ports was a rejection nobody took, and the lane's process ended.
test('a machine that cannot list its ports is a device that cannot be opened, and is asked again', async () => {
  const usb = { vendorId: '0403', productId: '6001', serialNumber: 'SCANNER1' };
  let asked = 0;
  const list = (): Promise<never> => {
    asked += 1;
    return Promise.reject(new Error('spawn udevadm ENOENT'));
  };
  const scanner = new LineStreamScanner({
    opener: usbSerialOpener(usb, eightNoneOne(9_600), list),
    timing: systemTiming,
  });
  ends.push(() => scanner.close());
  const heard: object[] = [];
  scanner.subscribe((event) => heard.push(event));
  scanner.start();
  await until(() => expect(asked).toBeGreaterThan(2));
  expect(heard).toEqual([{ type: 'lost', reason: 'openFailed' }]);
});

test('a wedged chip reader and a babbling scanner delay no door, and no document of a wedged lane is waited for', async () => {
  const wedged = wedgedPort();
  const babbling = wedgedPort();
  const { devices, simulated } = lane({ chip: wedged.path, scanner: babbling.path });
  ends.push(() => devices.close());
  devices.start();
  await until(() => expect(stateOf(devices, 'laneController')).toBe('ready'));
  const babble = setInterval(() => babbling.send(new Uint8Array(960).fill(0x41)), 10);
  ends.push(() => clearInterval(babble));
  // Somebody waits for a chip all the while.
  const waiting = devices.chipReader?.awaitChip(60_000);
  for (let turn = 0; turn < 20; turn += 1) {
    unwrap(await devices.laneController.openDoor(1, 'forward', 1));
    unwrap(await devices.laneController.closeDoor(1));
  }
  const { latency } = devices.reports.find(({ device }) => device === 'laneController') ?? {};
  expect(latency?.count).toBe(40);
  // Two frames of each verb with their pauses; a busy machine may stretch them.
  expect(latency?.p50Ms).toBeLessThanOrEqual(64);
  expect(stateOf(devices, 'chipReader')).not.toBe('ready');
  expect(await waiting).toMatchObject({ ok: false });
  expect(simulated.lane.door(1).openForward).toBe(false);
});

test('the lane closes in time with shut doors and red lamps while another device hangs', async () => {
  const { devices, simulated } = lane({ chip: wedgedPort().path });
  devices.start();
  await until(() => expect(stateOf(devices, 'laneController')).toBe('ready'));
  unwrap(await devices.laneController.openDoor(2, 'forward', 1));
  const startedAt = performance.now();
  await devices.close();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect([1, 2].map((door) => simulated.lane.door(door))).toMatchObject([
    { openForward: false, lamp: 'red' },
    { openForward: false, lamp: 'red' },
  ]);
});

test('doors are started first and shut before anything else is closed', async () => {
  const order: string[] = [];
  const watch = (type: { start(): void; close(): Promise<void> }, name: string): void => {
    const { start, close } = type;
    vi.spyOn(type, 'start').mockImplementation(function (this: unknown) {
      order.push(`start ${name}`);
      start.call(this);
    });
    vi.spyOn(type, 'close').mockImplementation(async function (this: unknown) {
      order.push(`close ${name}`);
      await close.call(this);
      order.push(`closed ${name}`);
    });
  };
  watch(ModbusLaneController.prototype, 'doors');
  watch(LineStreamScanner.prototype, 'scanner');
  watch(Pn532ChipReader.prototype, 'chip reader');
  const { devices } = lane();
  devices.start();
  expect(order).toEqual(['start doors', 'start scanner', 'start chip reader']);
  await until(() => expect(devices.allInService).toBe(true));
  await devices.close();
  expect(order.slice(3, 5)).toEqual(['close doors', 'closed doors']);
  expect(order.slice(5)).toContain('close chip reader');
});

test('APDUs are timed like the verbs of the doors', async () => {
  const { devices, chip } = lane();
  ends.push(() => devices.close());
  devices.start();
  await until(() => expect(devices.allInService).toBe(true));
  const card = { transmit: () => Promise.resolve(Uint8Array.of(0x90, 0x00)) };
  chip.presentChip({ card, kind: 'typeA', uid: Uint8Array.of(8, 1, 2, 3) });
  const channel = unwrap(await devices.chipReader!.awaitChip(5_000));
  for (let turn = 0; turn < 5; turn += 1) unwrap(await channel.transmit(Uint8Array.of(0, 0xa4, 0, 0)));
  expect(devices.reports.find(({ device }) => device === 'chipReader')?.latency.count).toBe(5);
});

const LOOKS = { homeDegrees: 0, lowDegrees: -12, verticalFieldDegrees: 43 };

test('a camera and its mount go into service beside the doors, and their commands are timed', async () => {
  const camera = new RealSenseIdSimulator({ linkPath: null, timing: systemTiming, lookMs: 5 });
  const mount = new ViscaSimulator({ linkPath: null, timing: systemTiming, moveMs: 5 });
  ends.push(() => {
    camera.close();
    mount.close();
  });
  const range = { lowestDegrees: -20, highestDegrees: 20, stepsPerDegree: 10, ...LOOKS };
  const { devices } = lane({
    more: {
      faceCamera: { driver: 'realSenseId', verdict: 'required', at: { path: camera.path } },
      cameraTilt: { driver: 'visca', at: { path: mount.path }, baudRate: 9_600, ...range },
    },
  });
  ends.push(() => devices.close());
  devices.start();
  await until(() => expect(devices.allInService).toBe(true));
  camera.present('person');
  expect(await devices.faceCamera?.detectSpoof()).toEqual({ ok: true, value: 'live' });
  unwrap((await devices.cameraTilt?.setTilt(-7)) ?? err({ code: 'deviceClosed' }));
  expect(mount.tilt).toBe(-70);
  for (const name of ['faceCamera', 'cameraTilt'])
    expect(devices.reports.find(({ device }) => device === name)?.latency.count).toBe(1);
});

test('every device of the profile is watched under its own name, also those only some lanes have', () => {
  const at = { path: '/nowhere' };
  const hid = { vendorId: '16c0', productId: '05df', serialNumber: null };
  const devices = unwrap(
    fitDevices(
      {
        documentScanner: { driver: 'lineStream', at, baudRate: 9_600, hid },
        laneController: {
          driver: 'modbusTurnstile',
          at,
          baudRate: 9_600,
          map: 'lotTurnstile',
          units: [1, 2],
          passTimeS: 10,
          passageTimeS: 10,
        },
        chipReader: { driver: 'pcsc', name: 'ACS', extendedLength: false },
        codeScanner: { driver: 'hidPos', hid },
        faceCamera: { driver: 'realSenseId', verdict: 'required', at },
        cameraLight: { driver: 'litra', model: 'glow', serialNumber: null, startPercent: 50, mostPercent: 100 },
        cameraTilt: {
          driver: 'visca',
          at,
          baudRate: 9_600,
          lowestDegrees: -20,
          highestDegrees: 20,
          stepsPerDegree: 10,
          ...LOOKS,
        },
        indicator: { driver: 'hidRelay', hid, redRelay: 1, greenRelay: 2 },
      },
      '.',
      systemTiming,
    ),
  );
  expect(devices.reports.map(({ device, state }) => [device, state])).toEqual(
    [
      'laneController',
      'documentScanner',
      'chipReader',
      'codeScanner',
      'faceCamera',
      'cameraLight',
      'cameraTilt',
      'indicator',
    ].map((name) => [name, 'starting']),
  );
});
