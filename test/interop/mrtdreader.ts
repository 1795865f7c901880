import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { inField } from '../../native-bridge/simulators/emrtd/card-link.ts';
import {
  portraitBytes,
  SPECIMEN_LINES,
  seededRandom,
  specimen,
} from '../../native-bridge/simulators/emrtd/specimen.ts';
import { Pn532Simulator } from '../../native-bridge/simulators/pn532-simulator.ts';
import { commandMissing, expectMatch, type Partner, speakTo } from './partner.ts';

const PORTRAIT_BYTES = 3000;

/** libmrtd's reader opens our chip by BAC through libnfc and our PN532, prints its MRZ and saves its portrait. */
export const mrtdReader: Partner = {
  name: 'mrtdreader',
  proves: 'our simulated chip (BAC, secure messaging, files), against libmrtd over libnfc',
  packages: ['mrtdreader'],
  missing: () => Promise.resolve(commandMissing('mrtdreader')),
  async run() {
    const random = seededRandom('mrtdreader');
    const portrait = portraitBytes(PORTRAIT_BYTES, random);
    const { card } = specimen({ random, at: new Date('2026-06-01T12:00:00Z'), document: { portrait } });
    const simulator = new Pn532Simulator({ linkPath: null, timing: systemTiming, apduMs: 0, activationMs: 2 });
    const folder = mkdtempSync(path.join(tmpdir(), 'mrtdreader-'));
    try {
      simulator.presentChip({ card: inField(card), kind: 'typeA', uid: Uint8Array.of(0x08, 1, 2, 3) });
      // It saves the portrait in its working directory.
      const reader = `cd "$1" && exec mrtdreader "$2"`;
      const args = ['-c', reader, 'sh', folder, SPECIMEN_LINES[1]];
      const { output } = await speakTo('sh', args, { LIBNFC_DEVICE: `pn532_uart:${simulator.path}` }, 60_000);
      expectMatch(output, /Challenge successful/, 'access by BAC');
      if (!output.includes(SPECIMEN_LINES.join(''))) throw new Error('EF.DG1 was not printed as issued');
      const saved = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
      const isWhole = saved.some((bytes) => bytes.equals(Buffer.from(portrait.bytes)));
      if (!isWhole) throw new Error(`the saved portrait is not the one issued (${saved.length} files)`);
      return 'BAC, EF.COM, EF.SOD and EF.DG1 read, the portrait saved byte for byte';
    } finally {
      simulator.close();
      rmSync(folder, { recursive: true });
    }
  },
};
