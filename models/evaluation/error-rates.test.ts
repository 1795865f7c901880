import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { errorRates, rateOf, ratesAt, thresholdForFmr } from './error-rates.ts';
import { parsePairs, peopleOf } from './pairs-file.ts';

describe('error rates', () => {
  test('worked by hand', () => {
    const rates = errorRates({ same: [0.9, 0.8, 0.7, 0.3], different: [0.1, 0.2, 0.4, 0.05] });
    // 0.3 loses against 0.4 only: 15 of 16 comparisons won.
    expect(rates.auc).toBeCloseTo(15 / 16);
    expect(rates.eer).toBeCloseTo(0.25);
    expect(ratesAt({ same: [0.9, 0.3], different: [0.4, 0.1] }, 0.4)).toMatchObject({
      fmr: { value: 0.5, errors: 1 },
      fnmr: { value: 0.5, errors: 1 },
    });
    expect(rates.fnmrAtFmr.at(-1)!.point).toMatchObject({ fnmr: { value: 0.25 }, fmr: { value: 0 } });
  });

  test('scores that do not overlap have no error; equal scores tell nothing', () => {
    expect(errorRates({ same: [0.8, 0.9], different: [0.1, 0.2] })).toMatchObject({ auc: 1, eer: 0 });
    expect(errorRates({ same: [0.5, 0.5], different: [0.5, 0.5] }).auc).toBeCloseTo(0.5);
  });

  test('the threshold for an FMR keeps it, and a lower one would not', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(score, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(0, 0.01, 0.1, 0.5),
        (different, fmr) => {
          fc.pre(different.every((one, i) => different.every((other, j) => i === j || Math.abs(one - other) > 1e-6)));
          const threshold = thresholdForFmr(different, fmr)!;
          expect(ratesAt({ same: [], different }, threshold).fmr.value).toBeLessThanOrEqual(fmr);
          const below = ratesAt({ same: [], different }, threshold - 2e-9).fmr;
          expect(below.value === null || below.value > fmr || below.errors === different.length).toBe(true);
        },
      ),
    );
  });

  test('no error in n trials: the rate may still be 3/n', () => {
    expect(rateOf(0, 3000)).toMatchObject({ value: 0, low: 0, high: 0.001 });
    const some = rateOf(10, 1000);
    expect(some.low).toBeLessThan(0.01);
    expect(some.high).toBeGreaterThan(0.01);
    expect(rateOf(0, 0).value).toBeNull();
  });
});

describe('pairs file', () => {
  test('reads quoted names, other columns, Windows lines', () => {
    const text = '\uFEFFid,file_b,file_a,same\r\n1,"b, ""two"".jpg",a.jpg,1\r\n2,c.jpg,a.jpg,no\r\n\r\n';
    expect(unwrap(parsePairs(text))).toEqual([
      { a: 'a.jpg', b: 'b, "two".jpg', same: true },
      { a: 'a.jpg', b: 'c.jpg', same: false },
    ]);
  });

  test.each([
    ['', 1],
    ['a,b,same\nx,y,1', 1],
    ['file_a,file_b,same\nx,y,1\nx,y', 3],
    ['file_a,file_b,same\nx,y,maybe', 2],
    ['file_a,file_b,same\n', 2],
  ])('says the line of what is wrong: %j', (text, line) => {
    expect(parsePairs(text)).toMatchObject({ ok: false, error: { code: 'pairsInvalid', line } });
  });

  test('people are what same-person pairs join', () => {
    const people = peopleOf([
      { a: '1', b: '2', same: true },
      { a: '3', b: '2', same: true },
      { a: '4', b: '1', same: false },
    ]);
    expect(people.get('1')).toBe(people.get('3'));
    expect(people.get('4')).not.toBe(people.get('1'));
    expect(new Set(people.values()).size).toBe(2);
  });
});
