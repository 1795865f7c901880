import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listSysfsPorts } from './sysfs-ports.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'jointgate-sysfs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A port under `devices/` as the kernel lays it out, and its name under `class/tty`. */
function port(name: string, device: string, words: Readonly<Record<string, string>>, usbFolder: string): void {
  const whole = path.join(folder, 'devices', device);
  mkdirSync(whole, { recursive: true });
  for (const [file, text] of Object.entries(words))
    writeFileSync(path.join(folder, 'devices', usbFolder, file), `${text}\n`);
  const tty = path.join(folder, 'class', name);
  mkdirSync(tty, { recursive: true });
  symlinkSync(whole, path.join(tty, 'device'));
}

test('a converter, a modem and a port on the board, each with what it says of itself', async () => {
  const ftdi = { idVendor: '0403', idProduct: '6001', serial: 'A50285BI' };
  port('ttyUSB0', 'usb1/1-2/1-2:1.0/ttyUSB0', ftdi, 'usb1/1-2');
  port('ttyACM0', 'usb1/1-3/1-3:1.0', { idVendor: '2aad', idProduct: '6373' }, 'usb1/1-3');
  port('ttyS0', 'platform/serial8250', {}, 'platform');
  mkdirSync(path.join(folder, 'class', 'tty1'));
  const listed = await listSysfsPorts(path.join(folder, 'class'));
  expect(listed.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
    { path: '/dev/ttyACM0', vendorId: '2aad', productId: '6373', serialNumber: undefined },
    { path: '/dev/ttyS0' },
    { path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001', serialNumber: 'A50285BI' },
  ]);
});

test.runIf(process.platform === 'linux')('this machine’s own list can be read', async () => {
  for (const { path: name } of await listSysfsPorts()) expect(name).toMatch(/^\/dev\//);
});
