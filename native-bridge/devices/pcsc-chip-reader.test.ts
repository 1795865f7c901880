import { expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { chipReaderContract, echoCard } from '../ports/chip-reader.contract.ts';
import type { ChipReaderEvent } from '../ports/chip-reader.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { systemTiming, type Timing } from '../ports/timing.ts';
import { FakePcsc } from '../transport/fake-pcsc.ts';
import { openPcsc } from '../transport/pcsc-mini.ts';
import { PcscChipReader } from './pcsc-chip-reader.ts';

const NAME = 'ACS ACR1252 Dual Reader 00 00';

function readerAt(fake: FakePcsc, timing: Timing, name = 'ACS ACR1252'): PcscChipReader {
  return new PcscChipReader({ load: fake.load, name, timing, apduTimeoutMs: 1_000, extendedLength: true });
}

for (const extendedLength of [true, false]) {
  chipReaderContract(`PC/SC driver over a fake service, ${extendedLength ? 'extended' : 'short'} length`, () => {
    const fake = new FakePcsc(NAME);
    const reader = new PcscChipReader({
      load: fake.load,
      name: 'ACS ACR1252',
      timing: systemTiming,
      apduTimeoutMs: 1_000,
      extendedLength,
    });
    return {
      reader,
      present: () => fake.present(echoCard),
      remove: () => fake.remove(),
      unplug: () => {
        fake.unplug();
        fake.remove();
      },
      replug: () => {
        fake.plug();
        fake.present(echoCard);
      },
      end: () => reader.close(),
    };
  });
}

async function started(name?: string) {
  const fake = new FakePcsc(NAME);
  const timing = new ManualTiming();
  const reader = readerAt(fake, timing, name);
  const events: ChipReaderEvent[] = [];
  reader.subscribe((event) => events.push(event));
  reader.start();
  await timing.advance(0);
  return { fake, timing, reader, events };
}

test('another reader of the machine is none of ours', async () => {
  const { reader, events } = await started('Identiv');
  expect(reader.ready).toBe(false);
  expect(events).toEqual([]);
  expect(await reader.awaitChip(100)).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
});

test('a chip that hangs ends in a timeout, and the next one is read', async () => {
  const { fake, timing, reader } = await started();
  fake.present({ transmit: () => new Promise(() => {}) });
  const waiting = reader.awaitChip(1_000);
  await timing.advance(50);
  const channel = unwrap(await waiting);
  const hanging = channel.transmit(Uint8Array.of(0, 0xa4, 0, 0));
  await timing.advance(1_000);
  expect(await hanging).toEqual({ ok: false, error: { code: 'deviceTimeout', timeoutMs: 1_000 } });
  expect(await channel.transmit(Uint8Array.of(0, 0xa4, 0, 0))).toEqual({ ok: false, error: { code: 'chipLost' } });
  fake.remove();
  fake.present(echoCard);
  const again = reader.awaitChip(1_000);
  await timing.advance(50);
  expect((await unwrap(await again).transmit(Uint8Array.of(0, 0xa4, 0, 0))).ok).toBe(true);
});

test.each([[[]], [[0x90]]])('an answer %j without a status word is garbled', async (bytes) => {
  const { fake, timing, reader } = await started();
  fake.present({ transmit: () => Promise.resolve(Uint8Array.from(bytes)) });
  const waiting = reader.awaitChip(1_000);
  await timing.advance(50);
  expect(await unwrap(await waiting).transmit(Uint8Array.of(0, 0xa4, 0, 0))).toEqual({
    ok: false,
    error: { code: 'deviceGarbled' },
  });
});

test('a service that ends is looked for until it is back; a missing package is told once', async () => {
  const { fake, timing, reader, events } = await started();
  fake.refusal = { code: 'pcscServiceAbsent' };
  fake.fail();
  await timing.advance(5_000);
  expect(reader.lastError).toEqual({ code: 'pcscServiceAbsent' });
  expect(events).toEqual([{ type: 'ready' }, { type: 'lost', reason: 'unplugged' }]);
  fake.refusal = null;
  await timing.advance(1_000);
  expect(events.at(-1)).toEqual({ type: 'ready' });
  await reader.close();
  expect(timing.pendingCount).toBe(0);
});

test('the real package: not installed is an answer and not a crash', async () => {
  const sink = { readerCame: vi.fn(), readerGone: vi.fn(), chip: vi.fn(), failed: vi.fn() };
  expect(await openPcsc(sink, 'no-such-pcsc-package')).toEqual({ ok: false, error: { code: 'pcscNotInstalled' } });
  // Something else of that name is not taken for it.
  expect(await openPcsc(sink, 'node:path')).toEqual({ ok: false, error: { code: 'pcscNotInstalled' } });
});
