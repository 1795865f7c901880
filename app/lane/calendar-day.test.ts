import { expect, test } from 'vitest';
import { calendarDay } from './calendar-day.ts';

test('the day is the port’s own, not the machine’s: at 17:00 UTC it is tomorrow in Macao', () => {
  const nowMs = Date.parse('2026-11-23T17:00:00Z');
  expect(calendarDay(nowMs, 'Asia/Macau')).toEqual({ year: 2026, month: 11, day: 24 });
  expect(calendarDay(nowMs, 'UTC')).toEqual({ year: 2026, month: 11, day: 23 });
});
