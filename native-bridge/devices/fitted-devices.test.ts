import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { TD3_SPECIMEN } from '../ports/document-scanner.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { SimulatedDevices } from '../simulators/simulated-devices.ts';
import { findUsbPort } from '../transport/usb-serial-link.ts';
import { type DeviceProfile, readDeviceProfile, turnstileMapOf } from './device-profile.ts';
import { fitDevices } from './fitted-devices.ts';

const PROFILES = path.join(import.meta.dirname, '../profiles');
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'jointgate-profile-'));
  ends.push(() => rmSync(made, { recursive: true }));
  return made;
}

test.each(['three-door', 'two-door'])('the example %s is a valid profile', (name) => {
  const profile = unwrap(readDeviceProfile(path.join(PROFILES, `${name}.jsonc`)));
  expect(profile.laneController.units).toHaveLength(name === 'three-door' ? 3 : 2);
});

test('a profile that is wrong says where', () => {
  const file = path.join(folder(), 'profile.jsonc');
  const text = readFileSync(path.join(PROFILES, 'two-door.jsonc'), 'utf8');
  writeFileSync(file, text.replace('[1, 2]', '[1, 1]'));
  expect(readDeviceProfile(file)).toMatchObject({
    ok: false,
    error: { code: 'profileInvalid', detail: expect.stringContaining('laneController.units') },
  });
  writeFileSync(file, '{ "documentScanner": ');
  expect(readDeviceProfile(file)).toMatchObject({ ok: false, error: { code: 'profileUnreadable' } });
  expect(readDeviceProfile(`${file}.absent`)).toMatchObject({ ok: false, error: { code: 'profileUnreadable' } });
});

test('another maker is another register map file', () => {
  const here = folder();
  const map = JSON.parse(readFileSync(path.join(PROFILES, '../protocol/lot-turnstile.json'), 'utf8'));
  writeFileSync(path.join(here, 'other.json'), JSON.stringify({ ...map, name: 'another maker' }));
  expect(unwrap(turnstileMapOf('other.json', here)).name).toBe('another maker');
  expect(turnstileMapOf('absent.json', here)).toMatchObject({ ok: false, error: { code: 'profileUnreadable' } });
});

test('a USB device is found by what it is; two that could be it are none', () => {
  const ports = [
    { path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001', serialNumber: 'A' },
    { path: '/dev/ttyUSB1', vendorId: '0403', productId: '6001', serialNumber: 'B' },
    { path: '/dev/ttyS0' },
  ];
  expect(findUsbPort(ports, { vendorId: '0403', productId: '6001', serialNumber: 'b' })).toBe('/dev/ttyUSB1');
  expect(findUsbPort(ports, { vendorId: '0403', productId: '6001', serialNumber: null })).toBeNull();
  expect(findUsbPort(ports, { vendorId: '10C4', productId: 'EA60', serialNumber: null })).toBeNull();
});

test('a lane of simulated devices goes into service from its profile, survives a lost scanner, and closes with shut doors', async () => {
  const simulated = new SimulatedDevices({
    folder: folder(),
    timing: systemTiming,
    doorCount: 2,
    readingMs: 0,
    travelMs: 0,
  });
  ends.push(() => simulated.close());
  const profile: DeviceProfile = {
    documentScanner: { driver: 'lineStream', at: { path: simulated.paths.documentScanner }, baudRate: 9_600 },
    laneController: {
      driver: 'modbusTurnstile',
      at: { path: simulated.paths.laneController },
      baudRate: 9_600,
      map: 'lotTurnstile',
      units: [1, 2],
      passTimeS: 10,
      passageTimeS: 10,
    },
    chipReader: null,
  };
  const devices = unwrap(fitDevices(profile, PROFILES, systemTiming));
  devices.start();
  await vi.waitFor(() => expect(devices.allInService).toBe(true), { timeout: 5_000, interval: 5 });
  // A scanner that is gone takes nothing from the doors.
  simulated.scanner.unplug();
  await vi.waitFor(() => expect(devices.allInService).toBe(false), { timeout: 5_000, interval: 1 });
  unwrap(await devices.laneController.openDoor(1, 'forward', 1));
  expect(devices.reports.find(({ device }) => device === 'laneController')?.latency.count).toBe(1);
  simulated.scanner.replug();
  await vi.waitFor(() => expect(devices.allInService).toBe(true), { timeout: 5_000, interval: 5 });
  const read = new Promise<string>((resolve) => {
    devices.documentScanner.subscribe((event) => event.type === 'documentRead' && resolve(event.text));
  });
  await simulated.scanner.presentDocument(TD3_SPECIMEN);
  expect(await read).toBe(TD3_SPECIMEN.join('\n'));
  await devices.close();
  expect(simulated.lane.door(1)).toMatchObject({ openForward: false, lamp: 'red' });
  expect(devices.reports.map(({ state }) => state)).toEqual(['closed', 'closed']);
});
