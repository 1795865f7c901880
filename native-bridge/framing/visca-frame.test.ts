import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMove, readReply, toPosition, viscaReply } from '../protocol/visca.ts';
import { encodeVisca, LONGEST_VISCA, ViscaDeframer } from './visca-frame.ts';

const bodyArbitrary = fc
  .array(fc.integer({ min: 0, max: 0xfe }), { minLength: 1, maxLength: LONGEST_VISCA - 2 })
  .map((rest) => [0x90, ...rest]);

function messagesOf(chunks: readonly Uint8Array[]) {
  const deframer = new ViscaDeframer();
  const yields = [...chunks.map((chunk) => deframer.push(chunk)), deframer.idle()];
  return {
    messages: yields.flatMap(({ messages }) => messages.map((message) => [...message])),
    discardedBytes: yields.reduce((sum, each) => sum + each.discardedBytes, 0),
  };
}

test('a move and its replies as they are on the wire', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  expect(hex(toPosition(0, -200))).toBe('8101060208080000000' + '00f0f0308ff');
  expect(hex(viscaReply.acknowledged(1))).toBe('9041ff');
  expect(hex(viscaReply.completed(1))).toBe('9051ff');
  expect(hex(viscaReply.refused(0, 2))).toBe('906002ff');
});

test('positions round-trip', () => {
  const steps = fc.integer({ min: -0x8000, max: 0x7fff });
  fc.assert(
    fc.property(steps, steps, (pan, tilt) => {
      expect(readMove(toPosition(pan, tilt).subarray(0, -1))).toEqual({ pan, tilt });
      expect(readReply(viscaReply.position(pan, tilt).subarray(0, -1))).toEqual({ kind: 'position', pan, tilt });
    }),
  );
});

test('any split gives the same messages, and junk before, between and after is counted', () => {
  // Ended like a message, or the next one would be its tail.
  const junk = fc.array(fc.integer({ min: 0, max: 0x8f }), { maxLength: 40 }).map((bytes) => [...bytes, 0xff]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(junk, bodyArbitrary), { maxLength: 6 }),
      junk,
      fc.array(fc.nat(500), { maxLength: 20 }),
      (items, after, cuts) => {
        const stream = Uint8Array.from([
          ...items.flatMap(([noise, body]) => [...noise, ...encodeVisca(body)]),
          ...after,
        ]);
        const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
        const chunks = edges.slice(1).map((edge, index) => stream.slice(edges[index], edge));
        expect(messagesOf(chunks)).toEqual({
          messages: items.map(([, body]) => body),
          discardedBytes: items.reduce((sum, [noise]) => sum + noise.length, after.length),
        });
      },
    ),
    { numRuns: 200 },
  );
});

test('whatever babbles, no more than one message is held, and every byte is accounted for', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (chunks) => {
      const deframer = new ViscaDeframer();
      let accounted = 0;
      for (const chunk of chunks) {
        const { messages, discardedBytes } = deframer.push(chunk);
        accounted += discardedBytes + messages.reduce((sum, { length }) => sum + length + 1, 0);
        expect(deframer.heldBytes).toBeLessThanOrEqual(LONGEST_VISCA);
      }
      expect(accounted + deframer.idle().discardedBytes).toBe(chunks.reduce((sum, { length }) => sum + length, 0));
    }),
    { numRuns: 200 },
  );
});
