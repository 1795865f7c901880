import { describe, expect, test, vi } from 'vitest';
import type { CodeScanner, CodeScannerEvent } from './code-scanner.ts';
import { comesAndGoes, type SpeakingUnderTest, speakingBench } from './speaking-device.contract.ts';

/** A scanner to which somebody holds codes. */
export interface CodeScannerUnderTest extends SpeakingUnderTest<CodeScannerEvent> {
  readonly scanner: CodeScanner;
  hold(symbology: string, data: Uint8Array): void;
  /** Something that is no code. */
  spoil(): void;
}

/** What every {@link CodeScanner} must do. `make` gives one that is plugged in and not started. */
export function codeScannerContract(name: string, make: () => CodeScannerUnderTest): void {
  describe(`CodeScanner contract: ${name}`, () => {
    const bench = speakingBench<CodeScannerEvent, CodeScannerUnderTest>(make);
    const { until } = bench;

    test.each([1, 56, 57, 300, 2_900])('reads a code of %i bytes, as coded', async (length) => {
      const data = Uint8Array.from({ length }, (_, index) => index & 0xff);
      bench.device().hold(']Q1', data);
      await until({ type: 'codeRead', symbology: ']Q1', data });
    });

    test('reads the same code twice, and another kind behind it', async () => {
      const data = Uint8Array.of(1, 2, 3);
      for (const symbology of [']Q1', ']Q1', ']C1']) bench.device().hold(symbology, data);
      await until({ type: 'codeRead', symbology: ']C1' });
      expect(bench.events().filter((event) => event.type === 'codeRead')).toHaveLength(3);
    });

    test('tells what is no code by its size only, and reads the next', async () => {
      bench.device().spoil();
      await until({ type: 'readProblem' });
      await vi.waitFor(
        () => {
          bench.device().hold(']Q1', Uint8Array.of(7));
          expect(bench.events()).toContainEqual({ type: 'codeRead', symbology: ']Q1', data: Uint8Array.of(7) });
        },
        { timeout: 5_000, interval: 50 },
      );
    });

    comesAndGoes(bench, async (device) => device.hold(']Q1', Uint8Array.of(1)), { type: 'codeRead' });
  });
}
