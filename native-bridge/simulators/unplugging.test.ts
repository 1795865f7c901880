import { readdirSync, readlinkSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { laneControllerTimes } from '../devices/lane-controller-times.ts';
import { LineStreamScanner } from '../devices/line-stream-scanner.ts';
import { ModbusLaneController } from '../devices/modbus-lane-controller.ts';
import { Pn532ChipReader } from '../devices/pn532-chip-reader.ts';
import { systemTiming } from '../ports/timing.ts';
import { LOT_TURNSTILE } from '../protocol/turnstile-map.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { Pn532Simulator } from './pn532-simulator.ts';
import { SimulatedDevices } from './simulated-devices.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Handles of this process on terminals. */
function terminalHandles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /ptmx|pts/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      // The handle of the listing itself.
      return false;
    }
  }).length;
}

const BACK_OFF = { backOffMs: [1], writeTimeoutMs: 1_000, stableAfterMs: 0 };

test('three devices pulled out and put back in many times: all in service at the end, no handle left behind', async () => {
  const simulated = new SimulatedDevices({
    folder: null,
    timing: systemTiming,
    doorCount: 2,
    readingMs: 0,
    travelMs: 0,
  });
  ends.push(() => simulated.close());
  const chip = new Pn532Simulator({ linkPath: null, timing: systemTiming, apduMs: 0, activationMs: 0 });
  ends.push(() => chip.close());
  const times = { ...laneControllerTimes(LOT_TURNSTILE), interFrameGapMs: 0, searchMs: 5 };
  const controller = new ModbusLaneController({
    opener: serialOpener(simulated.paths.laneController, eightNoneOne(9_600)),
    timing: systemTiming,
    map: LOT_TURNSTILE,
    units: [1, 2],
    times,
    linkDelays: BACK_OFF,
  });
  const scanner = new LineStreamScanner({
    opener: serialOpener(simulated.paths.documentScanner, eightNoneOne(9_600)),
    timing: systemTiming,
    linkDelays: BACK_OFF,
  });
  const reader = new Pn532ChipReader({
    opener: serialOpener(chip.path, eightNoneOne(115_200)),
    timing: systemTiming,
    linkDelays: BACK_OFF,
  });
  const devices = [controller, scanner, reader];
  ends.push(async () => {
    await Promise.all(devices.map((device) => device.close()));
  });
  for (const device of devices) device.start();
  const inService = (): Promise<void> =>
    vi.waitFor(() => expect(devices.map((device) => device.ready)).toEqual([true, true, true]), {
      timeout: 5_000,
      interval: 1,
    });
  await inService();
  const handlesBefore = terminalHandles();
  for (let turn = 0; turn < 25; turn += 1) {
    // In the middle of something, each time at another moment.
    const busy = [controller.openDoor(1, 'forward', 1), controller.readState()];
    if (turn % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    for (const device of [simulated.lane, simulated.scanner, chip]) device.unplug();
    await Promise.all(busy);
    await vi.waitFor(() => expect(devices.some((device) => device.ready)).toBe(false), { timeout: 5_000, interval: 1 });
    for (const device of [simulated.lane, simulated.scanner, chip]) device.replug();
    await inService();
  }
  unwrap(await controller.openDoor(1, 'forward', 1));
  expect(terminalHandles()).toBe(handlesBefore);
}, 60_000);
