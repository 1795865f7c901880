import { CommandedScanner } from '../devices/commanded-scanner.ts';
import { documentScannerContract } from '../ports/document-scanner.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { ELYCTIS } from '../protocol/elyctis.ts';
import { HONEYWELL } from '../protocol/honeywell.ts';
import { NEWLAND } from '../protocol/newland.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { CommandedScannerSimulator } from './commanded-scanner-simulator.ts';

for (const [make, dialect] of [
  ['elyctis', ELYCTIS],
  ['newland', NEWLAND],
  ['honeywell', HONEYWELL],
] as const) {
  documentScannerContract(`${dialect.name} over the simulator on a pseudo-terminal`, () => {
    const simulator = new CommandedScannerSimulator(make, null);
    const scanner = new CommandedScanner({
      opener: serialOpener(simulator.path, eightNoneOne(dialect.baudRate)),
      dialect,
      timing: systemTiming,
      idleGapMs: 20,
      heartbeatMs: 50,
    });
    return {
      scanner,
      present: async (lines) => simulator.presentDocument(lines),
      presentBytes: async (bytes) => simulator.presentBytes(bytes),
      unplug: () => simulator.unplug(),
      replug: () => simulator.replug(),
      end: async () => {
        await scanner.close();
        simulator.close();
      },
    };
  });
}
