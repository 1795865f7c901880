import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CodeScanner, CodeScannerEvent } from './code-scanner.ts';

/** A scanner to which somebody holds codes. */
export interface CodeScannerUnderTest {
  readonly scanner: CodeScanner;
  hold(symbology: string, data: Uint8Array): void;
  /** Something that is no code. */
  spoil(): void;
  unplug(): void;
  replug(): void;
  end(): Promise<void>;
}

/** What every {@link CodeScanner} must do. `make` gives one that is plugged in and not started. */
export function codeScannerContract(name: string, make: () => CodeScannerUnderTest): void {
  describe(`CodeScanner contract: ${name}`, () => {
    let bench: CodeScannerUnderTest;
    let events: CodeScannerEvent[];
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

    test.each([1, 56, 57, 300, 2_900])('reads a code of %i bytes, as coded', async (length) => {
      const data = Uint8Array.from({ length }, (_, index) => index & 0xff);
      bench.hold(']Q1', data);
      await until({ type: 'codeRead', symbology: ']Q1', data });
    });

    test('reads the same code twice, and another kind behind it', async () => {
      const data = Uint8Array.of(1, 2, 3);
      for (const symbology of [']Q1', ']Q1', ']C1']) bench.hold(symbology, data);
      await until({ type: 'codeRead', symbology: ']C1' });
      expect(events.filter((event) => event.type === 'codeRead')).toHaveLength(3);
    });

    test('tells what is no code by its size only, and reads the next', async () => {
      bench.spoil();
      await until({ type: 'readProblem' });
      await vi.waitFor(
        () => {
          bench.hold(']Q1', Uint8Array.of(7));
          expect(events).toContainEqual({ type: 'codeRead', symbology: ']Q1', data: Uint8Array.of(7) });
        },
        { timeout: 5_000, interval: 50 },
      );
    });

    test('is lost when unplugged, ready again when it is back, and silent after close', async () => {
      bench.unplug();
      await until({ type: 'lost', reason: 'unplugged' });
      expect(bench.scanner.ready).toBe(false);
      bench.replug();
      await vi.waitFor(() => expect(events.filter((event) => event.type === 'ready')).toHaveLength(2), {
        timeout: 5_000,
        interval: 1,
      });
      bench.hold(']Q1', Uint8Array.of(1));
      await until({ type: 'codeRead' });
      await bench.scanner.close();
      const heard = events.length;
      bench.hold(']Q1', Uint8Array.of(2));
      expect(events).toHaveLength(heard);
    });
  });
}
