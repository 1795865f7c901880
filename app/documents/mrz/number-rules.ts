import type { MrzFormat } from './reading.ts';

/** Exit-entry permit (EEP): `C` and 8 digits, or `C`, a letter other than I and O, and 7 digits. */
export function isEepNumber(number: string): boolean {
  return /^C(?:\d{8}|[A-HJ-NP-Z]\d{7})$/.test(number);
}

/** Home-return permit: `H` (Hong Kong) or `M` (Macao) and 8 digits; the renewal count is printed apart. */
export function isHomeReturnPermitNumber(number: string): boolean {
  return /^[HM]\d{8}$/.test(number);
}

/** The permit for non-Chinese residents: `HA` or `MA` and 7 characters. */
export function isNonChinesePermitNumber(number: string): boolean {
  return /^[HM]A[A-Z0-9]{7}$/.test(number);
}

/** Whether the number has the form of its card; `null` where no rule is published (CD, CT, every ICAO document). */
export function numberFitsCard(format: MrzFormat, number: string): boolean | null {
  if (format === 'CS') return isEepNumber(number);
  if (format === 'CR') return isHomeReturnPermitNumber(number) || isNonChinesePermitNumber(number);
  return format === 'CF' ? isNonChinesePermitNumber(number) : null;
}

/** A Hong Kong identity card number in its parts, e.g. `A123456(3)`; `null` when it has another form. */
function parseHkid(text: string): { readonly body: string; readonly checkCharacter: string } | null {
  const match = /^([A-Z]{1,2}\d{6})(?:\(([0-9A])\)|([0-9A]))$/.exec(text.replaceAll(' ', '').toUpperCase());
  if (match === null) return null;
  return { body: match[1]!, checkCharacter: match[2] ?? match[3]! };
}

/**
 * HKID check character: weights 9..2 over two letters (A=10 .. Z=35, a missing first letter counts 36) and six digits;
 * the sum with the check character (A=10) is a multiple of 11. `null` for a body of another form.
 */
export function hkidCheckCharacter(body: string): string | null {
  if (!/^[A-Z]{1,2}\d{6}$/.test(body)) return null;
  const padded = body.padStart(8, ' ');
  let sum = 0;
  for (let i = 0; i < padded.length; i++) {
    const character = padded[i]!;
    const value = character === ' ' ? 36 : Number.parseInt(character, 36);
    sum += value * (9 - i);
  }
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'A' : String(check);
}

/** Whether the text is an HKID whose check character holds; for numbers typed or scanned at enrolment. */
export function isValidHkid(text: string): boolean {
  const parts = parseHkid(text);
  return parts !== null && hkidCheckCharacter(parts.body) === parts.checkCharacter;
}
