import { afterEach, expect, test, vi } from 'vitest';
import { LineStreamScanner } from '../devices/line-stream-scanner.ts';
import type { DocumentScannerEvent } from '../ports/document-scanner.ts';
import { systemTiming } from '../ports/timing.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { SimulatedDevices } from './simulated-devices.ts';
import { SimulatorProcess } from './simulator-process.ts';
import { answerSteering } from './steering.ts';

const OPTIONS = { folder: null, doorCount: 2, readingMs: 0, travelMs: 0 } as const;
const TD3 = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('simulators in their own process: a document presented there is read here, over the serial line', async () => {
  const simulators = await SimulatorProcess.start(OPTIONS);
  ends.push(() => simulators.close());
  const scanner = new LineStreamScanner({
    opener: serialOpener(simulators.paths.documentScanner, eightNoneOne(9600)),
    timing: systemTiming,
  });
  ends.push(() => scanner.close());
  const events: DocumentScannerEvent[] = [];
  scanner.subscribe((event) => events.push(event));
  scanner.start();
  await vi.waitFor(() => expect(events).toContainEqual({ type: 'ready' }));
  await simulators.steer({ device: 'scanner', verb: 'presentDocument', lines: TD3 });
  await vi.waitFor(() => expect(events).toContainEqual({ type: 'documentRead', text: TD3.join('\n') }));
  await expect(simulators.steer({ device: 'lane', verb: 'walkIn', door: 1 })).rejects.toThrow(/door 1 is shut/);
  expect(
    await simulators.steer({ device: 'lane', verb: 'waitForOpenDoor', door: 1, direction: 'forward', timeoutMs: 0 }),
  ).toBe('timeout');
});

test('a simulator process that was closed says so instead of hanging', async () => {
  const simulators = await SimulatorProcess.start(OPTIONS);
  await simulators.close();
  await expect(simulators.steer({ device: 'lane', verb: 'pressEmergency' })).rejects.toThrow(/gone/);
});

test('what is no request gets no answer, and an impossible act says why', async () => {
  const devices = new SimulatedDevices({ ...OPTIONS, timing: systemTiming });
  ends.push(() => devices.close());
  expect(await answerSteering(devices, { id: 1, verb: { device: 'lane', verb: 'fly' } })).toBeNull();
  expect(await answerSteering(devices, { id: 2, verb: { device: 'scanner', verb: 'removeDocument' } })).toEqual({
    id: 2,
    outcome: 'impossible',
    why: 'no document lies on the glass',
  });
  expect(await answerSteering(devices, { id: 3, verb: { device: 'lane', verb: 'pressEmergency' } })).toEqual({
    id: 3,
    outcome: 'done',
  });
  expect(devices.lane.door(1).openForward).toBe(true);
});
