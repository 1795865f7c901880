import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedHashHex, sha256Hex } from './digest.ts';

const key = Buffer.from('0b'.repeat(20), 'hex');

test('SHA-256 of "abc" (FIPS 180-2 appendix B.1), of text and of bytes', () => {
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256Hex('abc')).toBe(expected);
  expect(sha256Hex(new Uint8Array([0x61, 0x62, 0x63]))).toBe(expected);
});

test('the keyed hash is HMAC-SHA-256 over length-prefixed domain and parts', () => {
  const input = Buffer.from('00000003646f63' + '00000002' + '4869' + '00000000', 'hex');
  expect(keyedHashHex(key, 'doc', ['Hi', ''])).toBe(createHmac('sha256', key).update(input).digest('hex'));
});

test('no two lists of parts, domains or keys share a digest', () => {
  const parts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      const same = left.length === right.length && left.every((part, i) => part === right[i]);
      expect(keyedHashHex(key, 'd', left) === keyedHashHex(key, 'd', right)).toBe(same);
    }),
    { numRuns: 300 },
  );
  expect(keyedHashHex(key, 'ab', ['c'])).not.toBe(keyedHashHex(key, 'a', ['bc']));
  expect(keyedHashHex(key, 'a', ['c'])).not.toBe(keyedHashHex(Buffer.from('other'), 'a', ['c']));
});
