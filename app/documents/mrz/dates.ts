import { type CalendarDate, mostDaysInMonth, type PartialDate } from './calendar-date.ts';
import { FILLER_CODE, ZERO_CODE } from './characters.ts';

/** Two digits as a number; `UNKNOWN` for `<<`; `NOT_A_NUMBER` for anything else. */
const UNKNOWN = -1;
const NOT_A_NUMBER = -2;

/** Year of the century, month and day as printed; `UNKNOWN` parts are -1. */
export interface PrintedDate {
  readonly yearOfCentury: number;
  readonly month: number;
  readonly day: number;
}

function twoDigits(codes: Uint8Array, offset: number): number {
  const tens = codes[offset]!;
  const ones = codes[offset + 1]!;
  if (tens === FILLER_CODE && ones === FILLER_CODE) return UNKNOWN;
  const high = tens - ZERO_CODE;
  const low = ones - ZERO_CODE;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : NOT_A_NUMBER;
}

/**
 * Reads YYMMDD at `offset`; `null` when it is no date. `<<` stands for a part that is not known: legal in a birth date,
 * nowhere else (ICAO 9303-3 §4.8). 29 February passes with every year: the century is not in the zone.
 */
export function readDate(codes: Uint8Array, offset: number, unknownAllowed: boolean): PrintedDate | null {
  const yearOfCentury = twoDigits(codes, offset);
  const month = twoDigits(codes, offset + 2);
  const day = twoDigits(codes, offset + 4);
  if (yearOfCentury === NOT_A_NUMBER || month === NOT_A_NUMBER || day === NOT_A_NUMBER) return null;
  if (!unknownAllowed && (yearOfCentury === UNKNOWN || month === UNKNOWN || day === UNKNOWN)) return null;
  if (month === 0 || month > 12 || day === 0) return null;
  if (day > (month === UNKNOWN ? 31 : mostDaysInMonth(month))) return null;
  return { yearOfCentury, month, day };
}

/** The column, counted from 0 within the date, of the first character that is neither a digit nor an allowed filler. */
export function firstBadColumn(codes: Uint8Array, offset: number, unknownAllowed: boolean): number {
  for (let i = 0; i < 6; i++) {
    const code = codes[offset + i]!;
    const digit = code >= ZERO_CODE && code <= ZERO_CODE + 9;
    if (!digit && !(unknownAllowed && code === FILLER_CODE)) return i;
  }
  return 0;
}

/** The latest such day that is not after `today`: nobody is born in the future. */
export function resolveBirth(date: PrintedDate, today: CalendarDate): PartialDate {
  const { yearOfCentury } = date;
  const month = date.month === UNKNOWN ? null : date.month;
  const day = date.day === UNKNOWN ? null : date.day;
  if (yearOfCentury === UNKNOWN) return { year: null, month, day };
  const century = today.year - (today.year % 100);
  // Unknown parts count as the first of the year or month: a birth this year with no month is not in the future.
  const inThisCentury = { year: century + yearOfCentury, month: month ?? 1, day: day ?? 1 };
  const year = isAfter(inThisCentury, today) ? inThisCentury.year - 100 : inThisCentury.year;
  return { year, month, day };
}

/** The year in the hundred that end `maxValidityYears` after `today`: documents of a kind are not issued for longer. */
export function resolveExpiry(date: PrintedDate, today: CalendarDate, maxValidityYears: number): CalendarDate {
  const last = today.year + maxValidityYears;
  const candidate = last - (last % 100) + date.yearOfCentury;
  return { year: candidate > last ? candidate - 100 : candidate, month: date.month, day: date.day };
}

function isAfter(a: CalendarDate, b: CalendarDate): boolean {
  if (a.year !== b.year) return a.year > b.year;
  return a.month !== b.month ? a.month > b.month : a.day > b.day;
}
