import { expect, test } from 'vitest';
import { LineStreamScanner } from '../devices/line-stream-scanner.ts';
import { documentScannerContract } from '../ports/document-scanner.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { LineStreamScannerSimulator } from './line-stream-scanner-simulator.ts';

const OPTIONS = { linkPath: null, timing: systemTiming, readingMs: 0, lineEnd: '\r', envelope: false } as const;

documentScannerContract('line-stream driver over the simulator on a pseudo-terminal', () => {
  const simulator = new LineStreamScannerSimulator(OPTIONS);
  const scanner = new LineStreamScanner({
    opener: serialOpener(simulator.path, eightNoneOne(9600)),
    timing: systemTiming,
    idleGapMs: 20,
  });
  const lay = async (work: () => Promise<void>): Promise<void> => {
    if (simulator.documentPresent) simulator.removeDocument();
    await work();
  };
  return {
    scanner,
    present: (lines) => lay(() => simulator.presentDocument(lines)),
    presentBytes: (bytes) => lay(() => simulator.presentBytes(bytes)),
    unplug: () => simulator.unplug(),
    replug: () => simulator.replug(),
    end: async () => {
      await scanner.close();
      simulator.close();
    },
  };
});

test('two documents cannot lie on the glass, and none can be taken that is not there', async () => {
  const simulator = new LineStreamScannerSimulator(OPTIONS);
  expect(() => simulator.removeDocument()).toThrow(/no document/);
  await simulator.presentDocument(['A']);
  await expect(simulator.presentDocument(['B'])).rejects.toThrow(/lies on the glass already/);
  simulator.unplug();
  expect(() => simulator.unplug()).toThrow(/not plugged in/);
  simulator.close();
});
