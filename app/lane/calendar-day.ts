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
