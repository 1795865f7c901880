import { expect, test } from 'vitest';
import { addDays, ageOn, dateRange, isTimeZone, localDate } from './calendar.ts';

test('a crossing has the port’s day, not the machine’s', () => {
  const lateEvening = Date.parse('2026-03-01T16:30:00Z');
  expect(localDate(lateEvening, 'Asia/Macau')).toBe('2026-03-02');
  expect(localDate(lateEvening, 'Europe/Lisbon')).toBe('2026-03-01');
  expect([isTimeZone('Asia/Macau'), isTimeZone('Asia/Nowhere')]).toEqual([true, false]);
});

test.each([
  ['1974-05-06', { first: '1974-05-06', last: '1974-05-06' }],
  ['1974-02-xx', { first: '1974-02-01', last: '1974-02-28' }],
  ['1976-02-xx', { first: '1976-02-01', last: '1976-02-29' }],
  ['1974-xx-xx', { first: '1974-01-01', last: '1974-12-31' }],
  ['1974-xx-06', { first: '1974-01-01', last: '1974-12-31' }],
  ['1974-13-xx', null],
  ['1974-02-30', null],
  ['0000-00-00', null],
])('%s can mean %o', (date, range) => {
  expect(dateRange(date)).toEqual(range);
});

test.each([
  ['2019-03-02', '2026-03-02', 7],
  ['2019-03-03', '2026-03-02', 6],
  ['2008-02-29', '2026-02-28', 17],
  ['2008-02-29', '2026-03-01', 18],
])('born %s is on %s %i years old', (birth, on, years) => {
  expect(ageOn(birth, on)).toBe(years);
});

test('days are added over months and leap years', () => {
  expect(addDays('2028-02-27', 3)).toBe('2028-03-01');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});
