import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DocumentScanner, DocumentScannerEvent } from './document-scanner.ts';

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
export interface ScannerUnderTest {
  readonly scanner: DocumentScanner;
  present(lines: readonly string[]): Promise<void>;
  presentBytes(bytes: Uint8Array): Promise<void>;
  unplug(): void;
  replug(): void;
  end(): Promise<void>;
}

/** What every {@link DocumentScanner} must do. `make` gives a scanner that is plugged in and not started. */
export function documentScannerContract(name: string, make: () => ScannerUnderTest): void {
  describe(`DocumentScanner contract: ${name}`, () => {
    let bench: ScannerUnderTest;
    let events: DocumentScannerEvent[];
    const until = (wanted: object): Promise<void> =>
      vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining(wanted)), { timeout: 5_000, interval: 1 });

    beforeEach(async () => {
      bench = make();
      events = [];
      bench.scanner.subscribe((event) => events.push(event));
      bench.scanner.start();
      await until({ type: 'ready' });
    });
    afterEach(() => bench.end());

    test('reads documents one after the other', async () => {
      await bench.present(TD3_SPECIMEN);
      await until({ type: 'documentRead', text: TD3_SPECIMEN.join('\n') });
      await bench.present(TD1_SPECIMEN);
      await until({ type: 'documentRead', text: TD1_SPECIMEN.join('\n') });
    });

    test('tells garbage by its size only, and reads the next document', async () => {
      await bench.presentBytes(new Uint8Array(500).fill(0xe9));
      // All of it told means that the scanner has fallen silent and the driver is ready for the next document.
      const told = (): number =>
        events.reduce((sum, event) => sum + (event.type === 'readProblem' ? event.discardedBytes : 0), 0);
      await vi.waitFor(() => expect(told()).toBe(500), { timeout: 5_000, interval: 1 });
      await bench.present(TD3_SPECIMEN);
      await until({ type: 'documentRead', text: TD3_SPECIMEN.join('\n') });
      expect(JSON.stringify(events.filter((event) => event.type === 'readProblem'))).not.toMatch(/text|bytes"/);
    });

    test('is lost when unplugged and ready again when it is back', async () => {
      bench.unplug();
      await until({ type: 'lost', reason: 'unplugged' });
      expect(bench.scanner.ready).toBe(false);
      bench.replug();
      await vi.waitFor(() => expect(events.filter((event) => event.type === 'ready')).toHaveLength(2), {
        timeout: 5_000,
        interval: 1,
      });
      await bench.present(TD3_SPECIMEN);
      await until({ type: 'documentRead' });
    });

    test('says nothing after close', async () => {
      await bench.scanner.close();
      const heard = events.length;
      await bench.present(TD3_SPECIMEN);
      expect(events).toHaveLength(heard);
      expect(bench.scanner.ready).toBe(false);
    });
  });
}
