import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relayReport, relayStates } from './hid-relay.ts';
import { LITRA_LEAST, LITRA_MOST, litraRefusal, litraReport, lumensOf, readLitra } from './litra.ts';

test('questions and refusals of a Litra round-trip, and as they are known on the wire', () => {
  expect(Buffer.from(litraReport(1, 0xc, [1])).toString('hex')).toBe(`11ff041c01${'00'.repeat(15)}`);
  fc.assert(
    fc.property(
      fc.nat(15),
      fc.integer({ min: 1, max: 15 }),
      fc.array(fc.nat(255), { maxLength: 16 }),
      (functionIndex, tag, parameters) => {
        const report = litraReport(functionIndex, tag, parameters);
        const read = readLitra(report);
        expect(read).toMatchObject({ kind: 'answer', functionIndex, tag });
        expect(read?.kind === 'answer' ? [...read.parameters.subarray(0, parameters.length)] : null).toEqual(
          parameters,
        );
        expect(readLitra(litraRefusal(report, 2))).toEqual({ kind: 'refused', functionIndex, tag, error: 2 });
      },
    ),
  );
});

test('what is no report of a Litra is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const isOne = bytes.length === 20 && bytes[0] === 0x11 && bytes[1] === 0xff;
      if (!isOne) expect(readLitra(bytes)).toBeNull();
    }),
  );
});

test('percent become lumens the light has', () => {
  for (const model of ['glow', 'beam'] as const) {
    expect(lumensOf(model, 0)).toBe(LITRA_LEAST);
    expect(lumensOf(model, 100)).toBe(LITRA_MOST[model]);
  }
});

test('states of a relay board round-trip, with and without the report id; anything else is none', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.boolean(), (bits, withId) => {
      const report = relayReport('BITFT', bits);
      expect(relayStates(withId ? report : report.subarray(1))).toEqual({
        serial: 'BITFT',
        on: Array.from({ length: 8 }, (_, index) => ((bits >> index) & 1) === 1),
      });
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      expect(relayStates(bytes) === null).toBe(bytes.length !== 8 && bytes.length !== 9);
    }),
  );
});
