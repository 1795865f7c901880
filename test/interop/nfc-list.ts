import { systemTiming } from '../../native-bridge/ports/timing.ts';
import type { ChipInField } from '../../native-bridge/simulators/pn532-model.ts';
import { Pn532Simulator } from '../../native-bridge/simulators/pn532-simulator.ts';
import { commandMissing, expectMatch, type Partner, speakTo } from './partner.ts';

const emptyCard = { transmit: () => Promise.resolve(Uint8Array.of(0x6a, 0x82)) };

async function listChips(chip: ChipInField | null): Promise<string> {
  const simulator = new Pn532Simulator({ linkPath: null, timing: systemTiming, apduMs: 0, activationMs: 2 });
  try {
    if (chip !== null) simulator.presentChip(chip);
    const { code, output } = await speakTo('nfc-list', [], { LIBNFC_DEVICE: `pn532_uart:${simulator.path}` }, 20_000);
    if (code !== 0) throw new Error(`nfc-list ended with ${code}:\n${output}`);
    return output;
  } finally {
    simulator.close();
  }
}

/** libnfc's own driver opens our PN532 and finds the chip in its field. */
export const nfcList: Partner = {
  name: 'nfc-list',
  proves: 'our PN532 simulator, against the driver of libnfc',
  packages: ['libnfc-bin'],
  missing: () => Promise.resolve(commandMissing('nfc-list')),
  async run() {
    const typeA = await listChips({ card: emptyCard, kind: 'typeA', uid: Uint8Array.of(0x08, 0xaa, 0xbb, 0xcc) });
    expectMatch(typeA, /1 ISO14443A passive target/, 'one type A chip');
    expectMatch(typeA, /08 {2}aa {2}bb {2}cc/, 'its identifier');
    expectMatch(typeA, /SAK \(SEL_RES\): 20/, 'that it takes APDUs');
    const typeB = await listChips({ card: emptyCard, kind: 'typeB', uid: Uint8Array.of(1, 2, 3, 4) });
    expectMatch(typeB, /1 ISO14443B passive target[\s\S]*PUPI: 01 {2}02 {2}03 {2}04/, 'one type B chip');
    const none = await listChips(null);
    if (/[1-9] ISO14443[AB] passive target/.test(none)) throw new Error(`a chip in an empty field:\n${none}`);
    return 'type A listed, type B listed, nothing listed when there is nothing';
  },
};
