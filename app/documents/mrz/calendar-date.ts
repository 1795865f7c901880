/** A day of the calendar, without time or zone. `month` 1..12, `day` 1..31. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A date whose unknown parts stay unknown (`<<` in a birth date, ICAO 9303-3 §4.8). */
export interface PartialDate {
  readonly year: number | null;
  readonly month: number | null;
  readonly day: number | null;
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The most days the month can have in any year: two digits of a year do not say whether it is a leap year. */
export function mostDaysInMonth(month: number): number {
  return DAYS_IN_MONTH[month - 1] ?? 0;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function existsInCalendar({ year, month, day }: PartialDate): boolean {
  return year === null || month !== 2 || day !== 29 || isLeapYear(year);
}

/** `YYYY-MM-DD`, or `null` when the text is not a day that exists. */
export function parseIsoDate(text: string): CalendarDate | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return null;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  const legal = date.day >= 1 && date.day <= mostDaysInMonth(date.month) && existsInCalendar(date);
  return legal ? date : null;
}

/** `YYYY-MM-DD` with `xx` for an unknown month or day, as the control protocol writes it; `null` without a year. */
export function isoPartialDate({ year, month, day }: PartialDate): string | null {
  if (year === null) return null;
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

const twoDigits = (part: number | null): string => (part === null ? 'xx' : String(part).padStart(2, '0'));
