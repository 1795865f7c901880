import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDigit } from './check-digits.ts';

test.each([
  ['520727', 3],
  ['AB2134<<<', 5],
  ['HA672242<658022549601086<<<<<<<<<<<<<<0', 8],
  ['D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<', 2],
])('worked example of ICAO 9303-3 appendix A: %s', (text, digit) => {
  expect(checkDigit(text)).toBe(digit);
});

test('a character without a value has no check digit', () => {
  expect(checkDigit('12a')).toBeNull();
  expect(checkDigit('12\u0130')).toBeNull();
  expect(checkDigit('')).toBe(0);
});

test('any one digit changed is found: 7, 3 and 1 have no factor in common with 10', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (text, place, change) => {
      const at = place % text.length;
      const other = String((Number(text[at]) + change) % 10);
      expect(checkDigit(text.slice(0, at) + other + text.slice(at + 1))).not.toBe(checkDigit(text));
    }),
  );
});
