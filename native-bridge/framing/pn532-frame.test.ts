import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACK_FRAME,
  encodePacket,
  MAX_PACKET_DATA,
  NACK_FRAME,
  Pn532Deframer,
  type Pn532Frame,
  TFI_FROM_CHIP,
  TFI_TO_CHIP,
} from './pn532-frame.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const packetArbitrary = fc.uint8Array({ minLength: 1, maxLength: MAX_PACKET_DATA });

function framesOf(...chunks: readonly Uint8Array[]): { frames: Pn532Frame[]; discardedBytes: number } {
  const deframer = new Pn532Deframer();
  const yields = [...chunks.map((chunk) => deframer.push(chunk)), deframer.idle()];
  expect(deframer.pending).toBe(false);
  return {
    frames: yields.flatMap(({ frames }) => frames),
    discardedBytes: yields.reduce((sum, each) => sum + each.discardedBytes, 0),
  };
}

test('SAMConfiguration as libnfc puts it on the wire', () => {
  expect(hex(encodePacket(TFI_TO_CHIP, Uint8Array.of(0x14, 0x01)))).toBe('0000ff03fdd414011700');
});

test('ACK, NACK and the error frame', () => {
  const error = Uint8Array.of(0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00);
  expect(framesOf(ACK_FRAME, NACK_FRAME, error)).toEqual({
    frames: [{ kind: 'ack' }, { kind: 'nack' }, { kind: 'error' }],
    discardedBytes: 0,
  });
});

test('packets of every length round-trip, the extended form included', () => {
  for (const length of [1, 2, 253, 254, 255, 256, 263, 264]) {
    const data = Uint8Array.from({ length }, (_, index) => index & 0xff);
    expect(framesOf(encodePacket(TFI_FROM_CHIP, data)).frames, `${length} bytes`).toEqual([
      { kind: 'packet', tfi: TFI_FROM_CHIP, data },
    ]);
  }
  expect(() => encodePacket(TFI_TO_CHIP, new Uint8Array(MAX_PACKET_DATA + 1))).toThrow(RangeError);
});

test('any split gives the same frames, and junk between is counted', () => {
  const junk = fc.array(fc.integer({ min: 1, max: 0xfe }), { maxLength: 20 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(junk, packetArbitrary), { maxLength: 5 }),
      fc.array(fc.nat(2_000), { maxLength: 20 }),
      (items, cuts) => {
        const stream = Uint8Array.from(
          items.flatMap(([noise, data]) => [...noise, ...encodePacket(TFI_FROM_CHIP, data)]),
        );
        const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
        const { frames, discardedBytes } = framesOf(
          ...edges.slice(1).map((edge, index) => stream.slice(edges[index], edge)),
        );
        expect(frames).toEqual(items.map(([, data]) => ({ kind: 'packet', tfi: TFI_FROM_CHIP, data })));
        expect(discardedBytes).toBe(items.reduce((sum, [noise]) => sum + noise.length, 0));
      },
    ),
    { numRuns: 200 },
  );
});

test('a flipped bit never gives another packet, and the packet behind it is found after a silence', () => {
  const data = Uint8Array.of(0x41, 0x00, 0x90, 0x00);
  const good = encodePacket(TFI_FROM_CHIP, data);
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const bad = Uint8Array.from(good);
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const { frames } = framesOf(bad);
    // A bit of the preamble or postamble harms nothing; any other makes the packet unreadable.
    for (const frame of frames) if (frame.kind === 'packet') expect(hex(frame.data), `bit ${bit}`).toBe(hex(data));
    const deframer = new Pn532Deframer();
    deframer.push(bad);
    deframer.idle();
    expect(deframer.push(good).frames.at(-1), `bit ${bit}`).toEqual({ kind: 'packet', tfi: TFI_FROM_CHIP, data });
  }
});

test('whatever babbles, the buffer holds less than one frame and nothing throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 10 }), (chunks) => {
      const deframer = new Pn532Deframer();
      for (const chunk of chunks) deframer.push(chunk);
      // What is still held comes out at once when the line falls silent.
      const { frames, discardedBytes } = deframer.idle();
      expect(discardedBytes + frames.length).toBeLessThanOrEqual(280);
    }),
    { numRuns: 200 },
  );
});
