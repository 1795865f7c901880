import type { SupervisorView } from '../../contract/supervisor-view.ts';

type Today = SupervisorView['today'];

/**
 * The share of today's ended crossings that needed no officer, 0..1, or null before the first. Travellers who gave up are left out:
 * they neither were cleared nor needed anybody.
 */
export function shareWithoutOfficer(today: Today): number | null {
  const ended = today.passed + today.refused + today.referred + today.voided;
  return ended === 0 ? null : today.passed / ended;
}

/** Making a formatter takes longer than a hundred uses of it, and a wall of lanes uses some hundred a second. */
const kept = new Map<string, Intl.NumberFormat>();
function formatter(language: string, name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${name}`;
  const known = kept.get(key) ?? new Intl.NumberFormat(language, options);
  kept.set(key, known);
  return known;
}

const inSeconds = (language: string, digits: number) =>
  formatter(language, `s${digits}`, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'narrow',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

/** A count in the reader's number style. */
export function countText(count: number, language: string): string {
  return formatter(language, 'count', {}).format(count);
}

/** Seconds with one decimal, from milliseconds, in the reader's number style; a dash when there is no figure yet. */
export function secondsText(ms: number | null, language: string): string {
  return ms === null ? '–' : inSeconds(language, 1).format(ms / 1000);
}

export function shareText(share: number | null, language: string): string {
  if (share === null) return '–';
  return formatter(language, 'share', { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** An age as a clock shows it: `8s`, `1:12`, `2:03:40`. Never negative: two machines' clocks may differ a little. */
export function ageText(sinceMs: number, nowMs: number, language: string): string {
  const total = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  if (total < 60) return inSeconds(language, 0).format(total);
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return hours === 0 ? `${minutes}:${pad(seconds)}` : `${hours}:${pad(minutes)}:${pad(seconds)}`;
}

/** The time of day of an ISO date, to the second, in the console's own time zone. */
export function timeOfDay(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
}
