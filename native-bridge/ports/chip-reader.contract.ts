import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import type { ApduChannel } from './apdu-channel.ts';
import type { ChipReader, ChipReaderEvent } from './chip-reader.ts';

/** A reader with somebody who holds chips to it. The chip answers each command with the command itself and 9000. */
export interface ReaderUnderTest {
  readonly reader: ChipReader;
  present(): void;
  remove(): void;
  unplug(): void;
  replug(): void;
  end(): Promise<void>;
}

/** The chip of the contract: what it gets comes back, and 9000. */
export const echoCard = {
  transmit: (command: Uint8Array): Promise<Uint8Array> => Promise.resolve(Uint8Array.of(...command, 0x90, 0x00)),
};

/**
 * What every {@link ChipReader} must do. `make` gives a reader that is plugged in and not started. `hasCable` false: a reader that is
 * only a listener of ours, and cannot be pulled out.
 */
export function chipReaderContract(name: string, make: () => ReaderUnderTest, { hasCable = true } = {}): void {
  describe(`ChipReader contract: ${name}`, () => {
    let bench: ReaderUnderTest;
    let events: ChipReaderEvent[];
    const until = (type: ChipReaderEvent['type'], count = 1): Promise<void> =>
      vi.waitFor(() => expect(events.filter((event) => event.type === type)).toHaveLength(count), {
        timeout: 8_000,
        interval: 1,
      });
    const openChip = async (): Promise<ApduChannel> => {
      bench.present();
      return unwrap(await bench.reader.awaitChip(5_000));
    };

    beforeEach(async () => {
      bench = make();
      events = [];
      bench.reader.subscribe((event) => events.push(event));
      bench.reader.start();
      await until('ready');
    });
    afterEach(() => bench.end());

    test('says in time that nobody holds a chip to it', async () => {
      expect(await bench.reader.awaitChip(20)).toEqual({ ok: false, error: { code: 'deviceTimeout', timeoutMs: 20 } });
    });

    test.each([4, 5, 261, 262, 263, 600, 1_500])('carries an APDU of %i bytes both ways', async (length) => {
      const channel = await openChip();
      const command = Uint8Array.from(
        { length: Math.min(length, channel.maxCommandLength) },
        (_, index) => index & 0xff,
      );
      expect(unwrap(await channel.transmit(command))).toEqual(Uint8Array.of(...command, 0x90, 0x00));
    });

    test('waits for a chip that comes later', async () => {
      const waiting = bench.reader.awaitChip(5_000);
      bench.present();
      expect((await waiting).ok).toBe(true);
    });

    test('keeps answers in the order of their commands', async () => {
      const channel = await openChip();
      const answers = await Promise.all([1, 2, 3].map((n) => channel.transmit(Uint8Array.of(0, n, 0, 0))));
      expect(answers.map((answer) => unwrap(answer)[1])).toEqual([1, 2, 3]);
    });

    test('tells a chip that is taken away, and takes the next one', async () => {
      const channel = await openChip();
      bench.remove();
      expect(await channel.transmit(Uint8Array.of(0, 0xa4, 0, 0))).toEqual({ ok: false, error: { code: 'chipLost' } });
      await until('chipLost');
      const next = await openChip();
      expect((await next.transmit(Uint8Array.of(0, 0xa4, 0, 0))).ok).toBe(true);
      expect(await channel.transmit(Uint8Array.of(0, 0xa4, 0, 0))).toMatchObject({ ok: false });
    });

    test('a closed channel answers deviceClosed, and the same chip can be opened again', async () => {
      const channel = await openChip();
      await channel.close();
      await channel.close();
      expect(await channel.transmit(Uint8Array.of(0, 0xa4, 0, 0))).toEqual({
        ok: false,
        error: { code: 'deviceClosed' },
      });
      expect((await bench.reader.awaitChip(5_000)).ok).toBe(true);
    });

    test('refuses what is no APDU', async () => {
      const channel = await openChip();
      expect(await channel.transmit(new Uint8Array(3))).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
    });

    test.runIf(hasCable)('ends its channel when unplugged, and reads again when it is back', async () => {
      const channel = await openChip();
      bench.unplug();
      await until('lost');
      expect(await channel.transmit(Uint8Array.of(0, 0xa4, 0, 0))).toMatchObject({ ok: false });
      expect(await bench.reader.awaitChip(1_000)).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
      bench.replug();
      await until('ready', 2);
      expect((await bench.reader.awaitChip(5_000)).ok).toBe(true);
    });

    test('close ends a waiting caller and says nothing more', async () => {
      const waiting = bench.reader.awaitChip(60_000);
      await bench.reader.close();
      expect(await waiting).toMatchObject({ ok: false, error: { code: 'deviceClosed' } });
      const heard = events.length;
      expect(await bench.reader.awaitChip(1_000)).toMatchObject({ ok: false, error: { code: 'deviceClosed' } });
      expect(events).toHaveLength(heard);
    });
  });
}
