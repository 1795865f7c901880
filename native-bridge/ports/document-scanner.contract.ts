import { describe, expect, test } from 'vitest';
import type { DocumentScanner, DocumentScannerEvent } from './document-scanner.ts';
import { comesAndGoes, type SpeakingUnderTest, speakingBench } from './speaking-device.contract.ts';

export const TD3_SPECIMEN = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
];
export const TD1_SPECIMEN = [
  'I<UTOD231458907<<<<<<<<<<<<<<<',
  '7408122F1204159UTO<<<<<<<<<<<6',
  'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
];

/** A scanner with somebody who lays documents on it. */
export interface ScannerUnderTest extends SpeakingUnderTest<DocumentScannerEvent> {
  readonly scanner: DocumentScanner;
  present(lines: readonly string[]): Promise<void>;
  presentBytes(bytes: Uint8Array): Promise<void>;
}

/** What every {@link DocumentScanner} must do. `make` gives a scanner that is plugged in and not started. */
export function documentScannerContract(name: string, make: () => ScannerUnderTest): void {
  describe(`DocumentScanner contract: ${name}`, () => {
    const bench = speakingBench<DocumentScannerEvent, ScannerUnderTest>(make);
    const { until } = bench;

    test('reads documents one after the other', async () => {
      await bench.device().present(TD3_SPECIMEN);
      await until({ type: 'documentRead', text: TD3_SPECIMEN.join('\n') });
      await bench.device().present(TD1_SPECIMEN);
      await until({ type: 'documentRead', text: TD1_SPECIMEN.join('\n') });
    });

    test('tells garbage by its size only, and reads the next document', async () => {
      await bench.device().presentBytes(new Uint8Array(500).fill(0xe9));
      // All of it told means that the scanner has fallen silent and the driver is ready for the next document.
      const problems = () => bench.events().filter((event) => event.type === 'readProblem');
      const told = (): number => problems().reduce((sum, { discardedBytes }) => sum + discardedBytes, 0);
      await bench.untilHolds(() => expect(told()).toBe(500));
      await bench.device().present(TD3_SPECIMEN);
      await until({ type: 'documentRead', text: TD3_SPECIMEN.join('\n') });
      expect(JSON.stringify(problems())).not.toMatch(/text|bytes"/);
    });

    comesAndGoes(bench, (device) => device.present(TD3_SPECIMEN), { type: 'documentRead' });
  });
}
