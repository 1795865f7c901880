import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes, canonicalText } from './canonical-json.ts';

describe('canonical JSON', () => {
  test('RFC 8785 §3.2.2 and §3.2.3: literals, numbers, strings, sorting', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalText(value)).toBe(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    );
  });

  test('names sort by UTF-16 code units (RFC 8785 §3.2.3)', () => {
    const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalText(names)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  test('bytes are UTF-8', () => {
    const bytes = canonicalBytes({ é: '澳門' });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      createHash('sha256').update(Buffer.from('{"é":"澳門"}', 'utf8')).digest('hex'),
    );
  });

  test('a property of value undefined is absent', () => {
    expect(canonicalText({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  test.each([
    ['undefined', undefined],
    ['undefined in an array', [undefined]],
    ['bigint', { a: 1n }],
    ['function', { a: () => 1 }],
    ['symbol', [Symbol('x')]],
    ['NaN', { a: Number.NaN }],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['lone surrogate', '\ud800'],
    ['lone surrogate among escapes and pairs', { a: '"\ud83d\ude00\udc00' }],
    ['lone surrogate in a name', { '\udfff': 1 }],
    ['date', { at: new Date(0) }],
    ['map', new Map([['a', 1]])],
    ['bytes', { a: new Uint8Array(2) }],
    ['own toJSON', { toJSON: () => 'something else' }],
  ])('throws on %s', (_name, value) => {
    expect(() => canonicalBytes(value)).toThrow(Error);
  });

  test('throws on cycles and on a hostile depth', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => canonicalBytes(cycle)).toThrow(TypeError);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => canonicalBytes(deep)).toThrow(TypeError);
  });

  test('any JSON value: parses back to itself, and the order of names does not matter', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
        const text = canonicalText(value);
        expect(canonicalText(JSON.parse(text))).toBe(text);
        expect(canonicalText(reverseNames(JSON.parse(text)))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

test('any JSON value is written as the reference implementation by one of the authors of RFC 8785 writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), (value) => {
      expect(canonicalText(value)).toBe(canonicalize(value));
    }),
    { numRuns: 500 },
  );
});

function reverseNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, reverseNames(item)]),
  );
}
