import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc16AugCcitt } from './crc16.ts';
import {
  encodeRealSenseId,
  MAX_BODY,
  MAX_REALSENSE_ID_PACKET,
  RealSenseIdDeframer,
  type RealSenseIdPacket,
} from './realsense-id-packet.ts';

const packetArbitrary: fc.Arbitrary<RealSenseIdPacket> = fc.record({
  id: fc.constantFrom('B', 'H', 'R', 'Y', 'g', 'o', 'p'),
  sequence: fc.nat(0xffff_ffff),
  body: fc.uint8Array({ maxLength: 200 }),
});

function packetsOf(chunks: readonly Uint8Array[]) {
  const deframer = new RealSenseIdDeframer();
  const yields = [...chunks.map((chunk) => deframer.push(chunk)), deframer.idle()];
  expect(deframer.heldBytes).toBe(0);
  return {
    messages: yields.flatMap(({ messages }) => messages),
    discardedBytes: yields.reduce((sum, each) => sum + each.discardedBytes, 0),
  };
}

/** As it comes back: filled up with zeros so that number and body are a multiple of 32. */
function filled({ id, sequence, body }: RealSenseIdPacket): RealSenseIdPacket {
  const whole = new Uint8Array(Math.ceil((body.length + 4) / 32) * 32 - 4);
  whole.set(body);
  return { id, sequence, body: whole };
}

test('the check value of CRC-16/AUG-CCITT', () => {
  expect(crc16AugCcitt(new TextEncoder().encode('123456789'))).toBe(0xe5cc);
});

test('the opening of a session as it is on the wire', () => {
  const packet = encodeRealSenseId({ id: 'o', sequence: 0, body: new Uint8Array(0) });
  expect(packet).toHaveLength(22 + 32 + 34);
  expect(Buffer.from(packet.subarray(0, 22)).toString('hex')).toBe(`4046036f${'00'.repeat(16)}2000`);
  expect(packet.subarray(22, -2).every((byte) => byte === 0)).toBe(true);
});

test('packets round-trip, up to the largest, and no larger one is made', () => {
  fc.assert(
    fc.property(packetArbitrary, (packet) => {
      expect(packetsOf([encodeRealSenseId(packet)])).toEqual({ messages: [filled(packet)], discardedBytes: 0 });
    }),
    { numRuns: 100 },
  );
  const largest = { id: 'w', sequence: 9, body: new Uint8Array(MAX_BODY).fill(7) };
  expect(packetsOf([encodeRealSenseId(largest)]).messages).toEqual([largest]);
  expect(() => encodeRealSenseId({ ...largest, body: new Uint8Array(MAX_BODY + 1) })).toThrow(RangeError);
});

test('any split gives the same packets, and junk before, between and after is counted', () => {
  // No `@`, so that no junk begins like a packet and takes the next one for its inside.
  const junk = fc.array(fc.integer({ min: 0x41, max: 0xff }), { maxLength: 20 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(junk, packetArbitrary), { maxLength: 4 }),
      junk,
      fc.array(fc.nat(2_000), { maxLength: 20 }),
      (items, after, cuts) => {
        const stream = Uint8Array.from([
          ...items.flatMap(([noise, packet]) => [...noise, ...encodeRealSenseId(packet)]),
          ...after,
        ]);
        const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
        const chunks = edges.slice(1).map((edge, index) => stream.slice(edges[index], edge));
        expect(packetsOf(chunks)).toEqual({
          messages: items.map(([, packet]) => filled(packet)),
          discardedBytes: items.reduce((sum, [noise]) => sum + noise.length, after.length),
        });
      },
    ),
    { numRuns: 100 },
  );
});

test('a flipped bit makes it no packet, and the packet behind it is found after a silence', () => {
  const packet: RealSenseIdPacket = { id: 'R', sequence: 3, body: Uint8Array.of(1, 2, 3) };
  const good = encodeRealSenseId(packet);
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const bad = Uint8Array.from(good);
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const deframer = new RealSenseIdDeframer();
    const heard = [...deframer.push(bad).messages, ...deframer.idle().messages];
    expect(heard, `bit ${bit}`).toEqual([]);
    expect(deframer.push(good).messages, `bit ${bit}`).toEqual([filled(packet)]);
  }
});

test('whatever babbles, less than one packet is held', () => {
  const head = [0x40, 0x46, 0x03, 0x52];
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.constant(Uint8Array.from(head))), { maxLength: 60 }),
      (chunks) => {
        const deframer = new RealSenseIdDeframer();
        for (const chunk of chunks) {
          deframer.push(chunk);
          expect(deframer.heldBytes).toBeLessThan(MAX_REALSENSE_ID_PACKET);
        }
      },
    ),
    { numRuns: 100 },
  );
});
