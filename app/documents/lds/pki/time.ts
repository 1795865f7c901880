import type { Tlv } from '../ber-tlv.ts';

/** UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); absent seconds and `+0000` for `Z` are seen in old CSCA. */
export function readTime(part: Tlv): Date | null {
  const text = Buffer.from(part.value.subarray(0, 32)).toString('latin1');
  const digits = /^(\d{10}|\d{12}|\d{14})(?:Z|\+0000)$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const full = part.tag === 0x17 ? withCentury(digits) : part.tag === 0x18 ? digits : null;
  if (full === null || full.length < 12) return null;
  const [year, month, day, hour, minute] = [
    Number(full.slice(0, 4)),
    Number(full.slice(4, 6)),
    Number(full.slice(6, 8)),
    Number(full.slice(8, 10)),
    Number(full.slice(10, 12)),
  ];
  const second = Number(full.slice(12, 14) || '0');
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // A month 13 would silently become next January.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 ? date : null;
}

/** RFC 5280: years 50 to 99 are 19xx. */
function withCentury(digits: string): string | null {
  if (digits.length > 12) return null;
  return `${Number(digits.slice(0, 2)) >= 50 ? '19' : '20'}${digits}`;
}
