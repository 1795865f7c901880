/** Calendar arithmetic on ISO dates (`YYYY-MM-DD`), in words of travel documents: no clock, no local zone of the machine. */
const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    formatter(name);
    return true;
  } catch {
    // Intl throws RangeError on a zone it does not know.
    return false;
  }
}

/** The calendar day of an instant (ms since 1970) in an IANA time zone. */
export function localDate(atMs: number, timeZone: string): string {
  return formatter(timeZone).format(atMs);
}

/** Making a formatter costs about a millisecond, more than a whole decision; so each zone's is kept. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  // Canadian English writes dates as ISO 8601 does.
  const made = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formatters.set(timeZone, made);
  return made;
}

/**
 * First and last day that a date with unknown parts (`1974-xx-xx`, ICAO 9303-3 §4.8) can mean; null when it means none.
 */
export function dateRange(date: string): { readonly first: string; readonly last: string } | null {
  const [year, month, day] = date.split('-');
  if (year === undefined || month === undefined || day === undefined) return null;
  if (month === 'xx') {
    // A day without its month says nothing that could be used.
    return { first: `${year}-01-01`, last: `${year}-12-31` };
  }
  const first = `${year}-${month}-${day === 'xx' ? '01' : day}`;
  const last = day === 'xx' ? lastOfMonth(Number(year), Number(month)) : first;
  return isCalendarDay(first) && last !== null ? { first, last } : null;
}

/** Full years from the day of birth to `on`. Somebody born on 29 February is a year older on 1 March of other years. */
export function ageOn(birth: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4));
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function isCalendarDay(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === date;
}

function lastOfMonth(year: number, month: number): string | null {
  if (month < 1 || month > 12) return null;
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.toISOString().slice(0, 10);
}
