import { expect, test } from 'vitest';
import { calendarDay, startOfDay } from './calendar-day.ts';

test('the day is the port’s own, not the machine’s: at 17:00 UTC it is tomorrow in Macao', () => {
  const nowMs = Date.parse('2026-11-23T17:00:00Z');
  expect(calendarDay(nowMs, 'Asia/Macau')).toEqual({ year: 2026, month: 11, day: 24 });
  expect(calendarDay(nowMs, 'UTC')).toEqual({ year: 2026, month: 11, day: 23 });
});

test.each([
  ['Asia/Macau', '2026-11-23T16:30:00.000Z', '2026-11-23T16:00:00.000Z'],
  ['Asia/Macau', '2026-11-23T15:59:59.999Z', '2026-11-22T16:00:00.000Z'],
  ['UTC', '2026-11-23T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-23T18:20:00.500Z', '2026-11-23T18:15:00.000Z'],
  // The clocks go back, then forward, in the night before.
  ['Europe/Lisbon', '2026-10-25T12:00:00.000Z', '2026-10-24T23:00:00.000Z'],
  ['Europe/Lisbon', '2026-03-29T12:00:00.000Z', '2026-03-29T00:00:00.000Z'],
  // There is no midnight: the day begins at one o'clock.
  ['Africa/Cairo', '2026-04-24T09:00:00.000Z', '2026-04-23T22:00:00.000Z'],
  ['America/Havana', '2026-03-08T15:00:00.000Z', '2026-03-08T05:00:00.000Z'],
])('in %s the day of %s began at %s', (timeZone, now, start) => {
  expect(new Date(startOfDay(Date.parse(now), timeZone)).toISOString()).toBe(start);
});
