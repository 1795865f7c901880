import { expect, test } from 'vitest';
import { existsInCalendar, isoPartialDate, parseIsoDate } from './calendar-date.ts';
import { codesOf } from './characters.ts';
import { readDate, resolveBirth, resolveExpiry } from './dates.ts';

const printed = (text: string, unknownAllowed = true) => readDate(codesOf(text), 0, unknownAllowed);
const TODAY = { year: 2026, month: 3, day: 31 };

test.each(['740812', '000229', '010229', '991231', '<<0812', '74<<<<', '74<<31', '<<<<<<'])('%s is a date', (text) => {
  expect(printed(text)).not.toBeNull();
});

test.each([
  '741312',
  '740012',
  '740800',
  '740832',
  '740431',
  '740230',
  '74081<',
  '7408<2',
  '74O812',
  '74081U',
  'BB0911',
])('%s is none', (text) => {
  expect(printed(text)).toBeNull();
});

test('only a birth date may have unknown parts', () => {
  expect(printed('74<<<<', false)).toBeNull();
});

test.each([
  ['260331', 2026],
  ['260401', 1926],
  ['270101', 1927],
  ['990101', 1999],
  ['26<<<<', 2026],
  ['2604<<', 1926],
])('born %s: the latest year that is not in the future', (text, year) => {
  expect(resolveBirth(printed(text)!, TODAY).year).toBe(year);
});

test('an unknown year stays unknown', () => {
  expect(resolveBirth(printed('<<0812')!, TODAY)).toEqual({ year: null, month: 8, day: 12 });
});

test.each([
  ['360331', 15, 2036],
  ['410101', 15, 2041],
  ['420101', 15, 1942],
  ['950712', 15, 1995],
  ['760101', 50, 2076],
  ['990101', 50, 1999],
])('expiry %s of a document that runs at most %i years: %i', (text, maxValidityYears, year) => {
  expect(resolveExpiry(printed(text)!, TODAY, maxValidityYears).year).toBe(year);
});

test('calendar dates', () => {
  expect(parseIsoDate('2024-02-29')).toEqual({ year: 2024, month: 2, day: 29 });
  for (const text of ['2025-02-29', '2025-13-01', '2025-1-1', '25-01-01', '2025-01-01T00', ''])
    expect(parseIsoDate(text)).toBeNull();
  expect(existsInCalendar({ year: 1900, month: 2, day: 29 })).toBe(false);
  expect(isoPartialDate({ year: 1974, month: null, day: null })).toBe('1974-xx-xx');
  expect(isoPartialDate({ year: null, month: 8, day: 12 })).toBeNull();
});
