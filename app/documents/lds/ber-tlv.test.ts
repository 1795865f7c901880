import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CMS_LIMITS, checkBerStructure } from './ber-structure.ts';
import { encodeTlv, findTlv, readTlv, readTlvHeader, readTlvs } from './ber-tlv.ts';
import { bigIntToBytes, bytesToBigInt, decodeOidValue, derInteger, encodeOidValue } from './der.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const tags = fc.constantFrom(0x02, 0x30, 0x5f1f, 0x7f61, 0x7f4e, 0x87, 0x5f8123);

describe('BER-TLV', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(tags, fc.uint8Array({ maxLength: 70_000, size: 'max' }), (tag, value) => {
        const read = readTlv(encodeTlv(tag, value));
        expect(read.ok && read.value.tag).toBe(tag);
        expect(read.ok && Buffer.compare(read.value.value, value)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('any bytes give objects inside the input or a typed error, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        const read = readTlvs(input);
        const end = read.ok ? read.value.reduce((sum, { raw }) => sum + raw.length, 0) : read.error.offset;
        expect(end).toBeLessThanOrEqual(input.length);
      }),
    );
  });

  test.each([
    ['', 'tlvTruncated'],
    ['61', 'tlvTruncated'],
    ['6105aabb', 'tlvTruncated'],
    ['7f8181810100', 'tlvTagTooLong'],
    ['308000', 'tlvIndefiniteLength'],
    ['3085ffffffffff', 'tlvLengthTooLong'],
    ['3084ffffffff', 'tlvLengthTooLong'],
  ])('%s is %s', (hex, code) => {
    expect(readTlv(bytes(hex))).toMatchObject({ ok: false, error: { code } });
  });

  test('a header is enough to know how long a file is', () => {
    expect(readTlvHeader(bytes('75823ae7'))).toMatchObject({
      ok: true,
      value: { headerLength: 4, valueLength: 0x3ae7 },
    });
  });

  test('zeros between objects are padding', () => {
    const read = readTlvs(bytes('0000800101000081020203'));
    expect(read.ok && findTlv(read.value, 0x81)?.value).toEqual(bytes('0203'));
  });

  test('more objects than asked for are refused', () => {
    expect(readTlvs(bytes('8000'.repeat(10)), 9)).toMatchObject({ error: { code: 'tlvTooMany' } });
  });
});

describe('structure check', () => {
  test('accepts nested definite and indefinite lengths', () => {
    expect(checkBerStructure(bytes('30090201053004040212340000'.slice(0, 22)), CMS_LIMITS).ok).toBe(true);
    expect(checkBerStructure(bytes('30800201052480040112040134000000 00'.replaceAll(' ', '')), CMS_LIMITS).ok).toBe(
      true,
    );
  });

  test.each([
    ['3003020105ff', 'tlvTruncated'],
    ['3080020105', 'tlvTruncated'],
    ['0480', 'tlvIndefiniteLength'],
    ['300502', 'tlvTruncated'],
  ])('refuses %s', (hex, code) => {
    expect(checkBerStructure(bytes(hex), CMS_LIMITS)).toMatchObject({ ok: false, error: { code } });
  });

  test('refuses nesting bombs and node bombs in linear time', () => {
    const deep = bytes('3080'.repeat(5000));
    expect(checkBerStructure(deep, CMS_LIMITS)).toMatchObject({ error: { code: 'tlvTooDeep' } });
    const wide = encodeTlv(0x30, bytes('0500'.repeat(30_000)));
    expect(checkBerStructure(wide, CMS_LIMITS)).toMatchObject({ error: { code: 'tlvTooMany' } });
  });

  test('never throws and never runs away', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (input) => void checkBerStructure(input, CMS_LIMITS)));
  });
});

describe('DER pieces', () => {
  test('object identifiers and integers survive both ways', () => {
    const arcs = fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 39 }),
      fc.array(fc.nat(1 << 28), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(arcs, ([a, b, rest]) => {
        const dotted = [a, b, ...rest].join('.');
        expect(decodeOidValue(encodeOidValue(dotted))).toBe(dotted);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 520n }), (value) => {
        const read = readTlv(derInteger(value));
        expect(read.ok && bytesToBigInt(read.value.value)).toBe(value);
        expect(bytesToBigInt(bigIntToBytes(value, 70))).toBe(value);
      }),
    );
  });

  test('malformed identifiers are null', () => {
    for (const hex of ['', '80', '2a86']) expect(decodeOidValue(bytes(hex))).toBeNull();
  });
});
