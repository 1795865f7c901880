import type { CalendarDate } from '../documents/mrz/calendar-date.ts';

/** The calendar day at the port, whatever zone the machine is set to: a document that expired yesterday there has expired. */
export function calendarDay(nowMs: number, timeZone: string): CalendarDate {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(nowMs);
  const part = (type: 'year' | 'month' | 'day'): number =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day') };
}

const HALF_HOUR_MS = 1_800_000;

/**
 * When the port's present day began, milliseconds since 1970. Asked of the zone itself: a day there may have 23 or 25 hours,
 * and some days begin at one o'clock.
 */
export function startOfDay(nowMs: number, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const sinceMidnight = (atMs: number): number => {
    const parts = clock.formatToParts(atMs);
    const part = (type: string): number => Number(parts.find((candidate) => candidate.type === type)?.value);
    return ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000;
  };
  const dayOf = (atMs: number): string => JSON.stringify(calendarDay(atMs, timeZone));
  const today = dayOf(nowMs);
  const wholeMs = nowMs - (nowMs % 1_000);
  // Right unless the clock was changed since midnight; then by the half hours it was changed by.
  let start = wholeMs - sinceMidnight(wholeMs);
  while (dayOf(start - 1) === today) start -= HALF_HOUR_MS;
  while (dayOf(start) !== today) start += HALF_HOUR_MS;
  return start;
}
