import { createConnection, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { encodeVpcd, VPCD_ATR, VpcdDeframer } from '../framing/vpcd-frame.ts';
import { chipReaderContract } from '../ports/chip-reader.contract.ts';
import type { ChipReaderEvent } from '../ports/chip-reader.ts';
import { systemTiming } from '../ports/timing.ts';
import { VpcdChipReader } from './vpcd-chip-reader.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A virtual card as vsmartcard's `vicc` would be one: connects, answers the ATR and echoes APDUs. */
function connectCard(port: number, answer: (message: Uint8Array) => Uint8Array | null): Socket {
  const socket = createConnection({ host: '127.0.0.1', port });
  const deframer = new VpcdDeframer();
  socket.on('data', (chunk: Buffer) => {
    for (const message of deframer.push(chunk)) {
      const atr = message.length === 1 && message[0] === VPCD_ATR ? Uint8Array.of(0x3b, 0x80) : null;
      const reply = atr ?? (message.length > 1 ? answer(message) : null);
      if (reply !== null) socket.write(encodeVpcd(reply));
    }
  });
  ends.push(() => {
    socket.destroy();
  });
  return socket;
}

chipReaderContract(
  'vpcd driver over a socket',
  () => {
    const reader = new VpcdChipReader({ host: '127.0.0.1', port: 0, timing: systemTiming, apduTimeoutMs: 2_000 });
    let card: Socket | null = null;
    const remove = (): void => {
      card?.destroy();
      card = null;
    };
    return {
      reader,
      // A chip that lies there already goes on lying there.
      present: () => {
        card ??= connectCard(reader.port ?? 0, (apdu) => Uint8Array.of(...apdu, 0x90, 0x00));
      },
      remove,
      unplug: () => {},
      replug: () => {},
      end: async () => {
        remove();
        await reader.close();
      },
    };
  },
  { hasCable: false },
);

async function listeningReader(apduTimeoutMs = 2_000) {
  const reader = new VpcdChipReader({ host: '127.0.0.1', port: 0, timing: systemTiming, apduTimeoutMs });
  ends.push(() => reader.close());
  const events: ChipReaderEvent[] = [];
  reader.subscribe((event) => events.push(event));
  reader.start();
  await vi.waitFor(() => expect(reader.ready).toBe(true));
  return { reader, events, port: reader.port ?? 0 };
}

test('a card that connects is a chip; APDUs go both ways, long ones too', async () => {
  const { reader, port } = await listeningReader();
  expect(await reader.awaitChip(10)).toMatchObject({ ok: false, error: { code: 'deviceTimeout' } });
  connectCard(port, (apdu) => Uint8Array.of(...apdu, 0x90, 0x00));
  const channel = unwrap(await reader.awaitChip(2_000));
  for (const length of [4, 261, 5_000]) {
    const apdu = new Uint8Array(length).fill(7);
    expect(unwrap(await channel.transmit(apdu))).toHaveLength(length + 2);
  }
  await channel.close();
  expect(await channel.transmit(new Uint8Array(4))).toEqual({ ok: false, error: { code: 'deviceClosed' } });
});

test('a card that disconnects in the middle is a lost chip, and the next one is taken', async () => {
  const { reader, events, port } = await listeningReader();
  const card = connectCard(port, () => {
    card.destroy();
    return null;
  });
  const channel = unwrap(await reader.awaitChip(2_000));
  expect(await channel.transmit(new Uint8Array(4))).toEqual({ ok: false, error: { code: 'chipLost' } });
  await vi.waitFor(() => expect(events).toContainEqual({ type: 'chipLost' }));
  connectCard(port, () => Uint8Array.of(0x90, 0x00));
  const next = unwrap(await reader.awaitChip(2_000));
  expect(unwrap(await next.transmit(new Uint8Array(4)))).toEqual(Uint8Array.of(0x90, 0x00));
});

test('a card that stays silent ends in a timeout and is cut off', async () => {
  const { reader, port } = await listeningReader(30);
  connectCard(port, () => null);
  const channel = unwrap(await reader.awaitChip(2_000));
  expect(await channel.transmit(new Uint8Array(4))).toEqual({
    ok: false,
    error: { code: 'deviceTimeout', timeoutMs: 30 },
  });
  expect(await channel.transmit(new Uint8Array(4))).toMatchObject({ ok: false, error: { code: 'chipLost' } });
});

test('any split of the stream gives the same messages', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
      fc.array(fc.nat(2_000), { maxLength: 10 }),
      (messages, cuts) => {
        const stream = Uint8Array.from(messages.flatMap((message) => [...encodeVpcd(message)]));
        const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
        const deframer = new VpcdDeframer();
        expect(edges.slice(1).flatMap((edge, index) => deframer.push(stream.slice(edges[index], edge)))).toEqual(
          messages,
        );
      },
    ),
    { numRuns: 100 },
  );
});
