import { expect, test } from 'vitest';
import { CHIP_READER_TIMES, Pn532ChipReader } from '../devices/pn532-chip-reader.ts';
import { chipReaderContract, echoCard } from '../ports/chip-reader.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { Pn532Simulator } from './pn532-simulator.ts';

const OPTIONS = { linkPath: null, timing: systemTiming, apduMs: 0, activationMs: 1 };

function simulatedReader(kind: 'typeA' | 'typeB') {
  const simulator = new Pn532Simulator(OPTIONS);
  const reader = new Pn532ChipReader({
    opener: serialOpener(simulator.path, eightNoneOne(115_200)),
    timing: systemTiming,
    times: { ...CHIP_READER_TIMES, pollMs: 1, heartbeatMs: 20 },
  });
  return {
    reader,
    present: () => simulator.presentChip({ card: echoCard, kind, uid: Uint8Array.of(8, 1, 2, 3) }),
    remove: () => simulator.removeChip(),
    unplug: () => simulator.unplug(),
    replug: () => simulator.replug(),
    end: async () => {
      await reader.close();
      simulator.close();
    },
  };
}

chipReaderContract('PN532 driver over the simulator on a pseudo-terminal, type A', () => simulatedReader('typeA'));
chipReaderContract('PN532 driver over the simulator on a pseudo-terminal, type B', () => simulatedReader('typeB'));

test('two chips at once, or the removal of none, are impossible', () => {
  const simulator = new Pn532Simulator(OPTIONS);
  expect(() => simulator.removeChip()).toThrow(/no chip/);
  simulator.presentChip({ card: echoCard, kind: 'typeA', uid: Uint8Array.of(8, 1, 2, 3) });
  expect(() => simulator.presentChip({ card: echoCard, kind: 'typeA', uid: Uint8Array.of(8, 1, 2, 4) })).toThrow(
    /already/,
  );
  simulator.close();
});
