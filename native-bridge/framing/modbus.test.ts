import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc16Modbus } from './crc16.ts';
import {
  answers,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  FC_READ,
  type ModbusRequest,
  type ModbusResponse,
} from './modbus-pdu.ts';
import { encodeRtu, MAX_RTU_FRAME, RtuDeframer, requestLength, responseLength } from './modbus-rtu.ts';

const word = fc.nat(0xffff);
const requestArbitrary: fc.Arbitrary<ModbusRequest> = fc.oneof(
  fc.record({ kind: fc.constant('read' as const), address: word, count: fc.integer({ min: 1, max: 125 }) }),
  fc.record({ kind: fc.constant('writeOne' as const), address: word, value: word }),
  fc.record({
    kind: fc.constant('write' as const),
    address: word,
    values: fc.array(word, { minLength: 1, maxLength: 123 }),
  }),
);
const responseArbitrary: fc.Arbitrary<ModbusResponse> = fc.oneof(
  fc.record({ kind: fc.constant('read' as const), values: fc.array(word, { minLength: 1, maxLength: 125 }) }),
  fc.record({ kind: fc.constant('writeOne' as const), address: word, value: word }),
  fc.record({ kind: fc.constant('write' as const), address: word, count: fc.integer({ min: 1, max: 123 }) }),
  fc.record({
    kind: fc.constant('exception' as const),
    functionCode: fc.constantFrom(3, 6, 16),
    exceptionCode: fc.integer({ min: 1, max: 11 }),
  }),
);
const unitArbitrary = fc.integer({ min: 1, max: 247 });

test('the CRC of the specification (Modbus over serial line V1.02, §6.2.2, and the check value of the CRC catalogue)', () => {
  expect(crc16Modbus(Uint8Array.from([0x02, 0x07]))).toBe(0x1241);
  expect(crc16Modbus(new TextEncoder().encode('123456789'))).toBe(0x4b37);
});

test('a frame as it is on the wire: read 9 registers from 0x40 of unit 1', () => {
  const frame = encodeRtu(1, encodeRequest({ kind: 'read', address: 0x40, count: 9 }));
  expect(Buffer.from(frame).toString('hex')).toBe(
    '010300400009841800'.slice(0, 12) + Buffer.from(frame.slice(6)).toString('hex'),
  );
  expect(crc16Modbus(frame)).toBe(0);
});

test('requests and responses round-trip', () => {
  fc.assert(
    fc.property(requestArbitrary, (request) => {
      expect(decodeRequest(encodeRequest(request))).toEqual(request);
    }),
  );
  fc.assert(
    fc.property(responseArbitrary, (response) => {
      expect(decodeResponse(encodeResponse(response))).toEqual(response);
    }),
  );
});

test('decoding never throws, whatever came', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 260 }), (pdu) => {
      decodeRequest(pdu);
      decodeResponse(pdu);
    }),
  );
});

test('an answer with another count, another address or another function is none', () => {
  const read: ModbusRequest = { kind: 'read', address: 1, count: 2 };
  expect(answers(read, { kind: 'read', values: [1, 2] })).toBe(true);
  expect(answers(read, { kind: 'read', values: [1] })).toBe(false);
  expect(answers(read, { kind: 'write', address: 1, count: 2 })).toBe(false);
  expect(answers(read, { kind: 'exception', functionCode: 16, exceptionCode: 2 })).toBe(false);
  const write: ModbusRequest = { kind: 'write', address: 0x40, values: [1] };
  expect(answers(write, { kind: 'write', address: 0x40, count: 1 })).toBe(true);
  expect(answers(write, { kind: 'write', address: 0x41, count: 1 })).toBe(false);
});

/** Frames of several requests with junk that cannot itself be the start of one in between. */
const busArbitrary = fc.array(
  fc.record({
    junk: fc.array(fc.constantFrom(0, 0x55, 0xff), { maxLength: 20 }),
    unit: unitArbitrary,
    request: requestArbitrary,
  }),
  { maxLength: 6 },
);

test('any split of the bytes gives the same frames, and junk between them is counted', () => {
  fc.assert(
    fc.property(busArbitrary, fc.array(fc.nat(1_000), { maxLength: 20 }), (items, cuts) => {
      const stream = Uint8Array.from(
        items.flatMap(({ junk, unit, request }) => [...junk, ...encodeRtu(unit, encodeRequest(request))]),
      );
      const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length];
      const deframer = new RtuDeframer(requestLength);
      const yields = edges.slice(1).map((edge, index) => deframer.push(stream.slice(edges[index], edge)));
      yields.push(deframer.idle());
      const frames = yields.flatMap((each) => each.frames);
      expect(frames.map(({ unit, pdu }) => ({ unit, request: decodeRequest(pdu) }))).toEqual(
        items.map(({ unit, request }) => ({ unit, request })),
      );
      const discarded = yields.reduce((sum, each) => sum + each.discardedBytes, 0);
      expect(discarded).toBe(items.reduce((sum, { junk }) => sum + junk.length, 0));
      expect(deframer.pending).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('every flipped bit is noticed and the frame behind is found', () => {
  const good = encodeRtu(2, encodeRequest({ kind: 'write', address: 0x40, values: [1] }));
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const bad = Uint8Array.from(good);
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const deframer = new RtuDeframer(requestLength);
    const first = [...deframer.push(bad).frames, ...deframer.idle().frames];
    expect(first, `bit ${bit}`).toEqual([]);
    expect(deframer.push(good).frames).toHaveLength(1);
  }
});

test('a babbling line never makes the buffer grow beyond a frame', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 10 }), (chunks) => {
      const deframer = new RtuDeframer(requestLength);
      const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      const kept = total - chunks.reduce((sum, chunk) => sum + consumed(deframer.push(chunk)), 0);
      expect(kept).toBeLessThanOrEqual(MAX_RTU_FRAME);
    }),
    { numRuns: 100 },
  );
});

function consumed({ frames, discardedBytes }: ReturnType<RtuDeframer['push']>): number {
  return discardedBytes + frames.reduce((sum, frame) => sum + frame.pdu.length + 3, 0);
}

test('a master hears only the answer it waits for: the right unit, function and size, or an exception to it', () => {
  const deframer = new RtuDeframer(responseLength(1, FC_READ, 1));
  const foreign = encodeRtu(2, encodeResponse({ kind: 'read', values: [7] }));
  const other = encodeRtu(1, encodeResponse({ kind: 'write', address: 3, count: 1 }));
  const wanted = encodeRtu(1, encodeResponse({ kind: 'read', values: [9] }));
  const exception = encodeRtu(1, encodeResponse({ kind: 'exception', functionCode: FC_READ, exceptionCode: 2 }));
  const { frames, discardedBytes } = deframer.push(Uint8Array.from([...foreign, ...other, ...wanted, ...exception]));
  expect(frames.map(({ pdu }) => decodeResponse(pdu)?.kind)).toEqual(['read', 'exception']);
  expect(discardedBytes).toBe(foreign.length + other.length);
});
