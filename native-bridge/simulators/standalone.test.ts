import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { systemTiming } from '../ports/timing.ts';
import { STANDALONE_KINDS, type StandaloneDevice, startStandalone } from './standalone.ts';

const devices: StandaloneDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.close();
});

test.each(STANDALONE_KINDS)('%s starts, names its verbs, unplugs and comes back', async (kind) => {
  const device = startStandalone(kind, null, 2, systemTiming);
  devices.push(device);
  expect(existsSync(device.path)).toBe(true);
  expect(await device.act('unplug', [])).toBe(true);
  expect(existsSync(device.path)).toBe(false);
  await expect(device.act('unplug', [])).rejects.toThrow(/not plugged in/);
  expect(await device.act('replug', [])).toBe(true);
  expect(await device.act('fly', [])).toBe(false);
  expect(await device.act('toString', [])).toBe(false);
});

test('a verb that needs an argument and has none is refused', async () => {
  const lane = startStandalone('lane-controller', null, 2, systemTiming);
  devices.push(lane);
  expect(await lane.act('walkIn', [])).toBe(false);
  await expect(lane.act('walkIn', ['1'])).rejects.toThrow(/door 1 is shut/);
  await expect(lane.act('walkIn', ['x'])).rejects.toThrow(/no door NaN/);
});

test('as a process: answers each line, ends with its input and takes its name away', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'jointgate-standalone-'));
  const pty = path.join(folder, 'doors');
  const entry = fileURLToPath(new URL('./standalone-main.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, 'lane-controller', '--pty', pty], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stdin.end('pressEmergency\nwalkIn 1\nwalkIn 3\n');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(0);
  expect(output.trim().split('\n').slice(1)).toEqual([
    'ok',
    'ok',
    'impossible: fewer than 1 people stand before door 3',
  ]);
  expect(existsSync(pty)).toBe(false);
  rmSync(folder, { recursive: true });
});
