/** A period as two fields of a form hold it: local date and time without seconds, `2026-05-08T10:15`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const pad = (value: number) => String(value).padStart(2, '0');

export function localMinute(ms: number): string {
  const date = new Date(ms);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** From this morning to the end of this minute. */
export function today(nowMs: number): Period {
  const morning = new Date(nowMs);
  morning.setHours(0, 0, 0, 0);
  return { from: localMinute(morning.getTime()), to: localMinute(nowMs + 60_000) };
}

/** The instants of a period, or null while a field is empty or the end lies before the start. */
export function instantsOf({ from, to }: Period): Period | null {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(start) || Number.isNaN(end) || start >= end) return null;
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** Date and time to the second, in the reader's own style. */
export function dateTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }).format(
    new Date(iso),
  );
}
