import { codesOf, FILLER_CODE, ILLEGAL_VALUE, valueOfCode, ZERO_CODE } from './characters.ts';
import type { CheckRule, MrzLayout } from './layout.ts';
import type { LongNumberInput } from './reading.ts';

/**
 * The check digit of a text of A-Z, 0-9 and `<`: weights 7-3-1, sum modulo 10 (ICAO 9303-3 §4.9).
 * `null` when a character has no value.
 */
export function checkDigit(text: string): number | null {
  const digit = digitOver(codesOf(text), [0, text.length]);
  return digit < 0 ? null : digit;
}

/** The same over pairs of start and end offsets; -1 when a character has no value. */
export function digitOver(codes: Uint8Array, over: readonly number[]): number {
  let sum = 0;
  // 7, 3, 1, 7, ...: each weight gives the next without a table or a division.
  let weight = 7;
  for (let pair = 0; pair < over.length; pair += 2) {
    const end = over[pair + 1]!;
    for (let i = over[pair]!; i < end; i++) {
      sum += valueOfCode(codes[i]!) * weight;
      weight = weight === 7 ? 3 : weight === 3 ? 1 : 7;
    }
  }
  return sum >= ILLEGAL_VALUE ? -1 : sum % 10;
}

export function isEmpty(codes: Uint8Array, over: readonly number[]): boolean {
  for (let pair = 0; pair < over.length; pair += 2) {
    for (let i = over[pair]!; i < over[pair + 1]!; i++) if (codes[i] !== FILLER_CODE) return false;
  }
  return true;
}

/** Whether one check digit holds; the document number of TD1 and TD2 may be longer than its field. */
export function checkHolds(codes: Uint8Array, rule: CheckRule, long: LongNumber | null): boolean {
  if (long !== null && rule.field === 'documentNumber') return long.input !== null;
  const printed = codes[rule.digitAt]!;
  if (digitOver(codes, rule.over) === printed - ZERO_CODE) return true;
  if (rule.orOver !== null && digitOver(codes, rule.orOver) === printed - ZERO_CODE) return true;
  return rule.fillerWhenEmpty && printed === FILLER_CODE && isEmpty(codes, rule.over);
}

/** A document number that goes on in the optional field, where its check digit ends it (ICAO 9303-5 §4.2.4). */
export interface LongNumber {
  /** Offset of the check digit. */
  readonly digitAt: number;
  /** Under which rule the check digit holds; `null` when under none. */
  readonly input: LongNumberInput | null;
}

/**
 * Nine characters, `<` where the check digit would be, then at least one more character and the check digit.
 * Anything else is a number of nine with a wrong check digit.
 */
export function findLongNumber(codes: Uint8Array, layout: MrzLayout): LongNumber | null {
  const number = layout.at.documentNumber;
  const separator = number.end;
  if (!layout.longNumbers || codes[separator] !== FILLER_CODE || codes[separator - 1] === FILLER_CODE) return null;
  const { start, end } = layout.at.optionalData;
  let after = start;
  while (after < end && codes[after] !== FILLER_CODE) after++;
  const digitAt = after - 1;
  if (digitAt <= start) return null;
  const printed = codes[digitAt]! - ZERO_CODE;
  if (printed < 0 || printed > 9) return null;

  // ICAO's own sample leaves the separator out; Belgian and Portuguese cards count it as one more character (value 0).
  if (digitOver(codes, [number.start, number.end, start, digitAt]) === printed)
    return { digitAt, input: 'excl-filler' };
  const withSeparator = digitOver(codes, [number.start, separator + 1, start, digitAt]);
  return { digitAt, input: withSeparator === printed ? 'incl-filler' : null };
}
