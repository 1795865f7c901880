import { digest } from '../lds/crypto/digest.ts';

/** What opens the chip: three fields of the MRZ, or the number printed on the card for PACE. */
export type AccessKey =
  | {
      readonly kind: 'mrz';
      /** As printed, without fillers; longer than 9 for long TD1/TD2 numbers. */
      readonly documentNumber: string;
      /** YYMMDD, unknown parts as `<`. */
      readonly birthDate: string;
      /** YYMMDD. */
      readonly expiryDate: string;
    }
  | { readonly kind: 'can'; readonly can: string };

export const isMrzKey = (key: AccessKey): key is Extract<AccessKey, { kind: 'mrz' }> => key.kind === 'mrz';

/** Check digit of Doc 9303-3 §4.9: weights 7, 3, 1; `<` counts 0. */
export function checkDigit(text: string): string {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const value = text[i] === '<' ? 0 : Number.parseInt(text[i]!, 36);
    if (Number.isNaN(value)) throw new RangeError('not an MRZ character');
    sum += value * [7, 3, 1][i % 3]!;
  }
  return String(sum % 10);
}

/** `number || digit || birth || digit || expiry || digit` (ICAO 9303-11 §9.7.2, appendix D.2). Numbers below 9 are filled up. */
export function mrzInformation(key: Extract<AccessKey, { kind: 'mrz' }>): string {
  const number = key.documentNumber.padEnd(9, '<');
  return [number, key.birthDate, key.expiryDate].map((field) => field + checkDigit(field)).join('');
}

/** The password's bytes for PACE: K of §9.7.3, SHA-1 over the MRZ information or the CAN as it is. */
export function paceSecret(key: AccessKey): Uint8Array {
  return key.kind === 'can' ? new TextEncoder().encode(key.can) : digest('SHA-1', mrzBytes(key));
}

/** Kseed of BAC: the first 16 bytes of the same hash (§9.7.2). */
export function bacSeed(key: Extract<AccessKey, { kind: 'mrz' }>): Uint8Array {
  return digest('SHA-1', mrzBytes(key)).slice(0, 16);
}

const mrzBytes = (key: Extract<AccessKey, { kind: 'mrz' }>): Uint8Array =>
  new TextEncoder().encode(mrzInformation(key));

/** Whether the fields can be a key at all: MRZ characters and dates of six, or a CAN of digits. */
export function isUsableKey(key: AccessKey): boolean {
  if (key.kind === 'can') return /^[0-9A-Z]{4,16}$/.test(key.can);
  const isDate = (date: string) => /^[0-9<]{6}$/.test(date);
  return /^[A-Z0-9<]{1,24}$/.test(key.documentNumber) && isDate(key.birthDate) && isDate(key.expiryDate);
}
