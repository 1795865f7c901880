import type { Check } from '../../contract/crossing.ts';
import { failed, notDone, passed } from '../lds/checks.ts';
import type { Dg1 } from '../lds/dg1.ts';

export type MrzField =
  | 'documentCode'
  | 'issuingState'
  | 'documentNumber'
  | 'nationality'
  | 'birthDate'
  | 'sex'
  | 'expiryDate'
  | 'name'
  | 'optionalData'
  | 'checkDigits';

export interface FieldComparison {
  readonly field: MrzField;
  readonly isSame: boolean;
}

/** Field, line, first and last position (both counted from 1, as the standard does). */
type Place = readonly [MrzField, line: number, from: number, to: number];

const PLACES: Readonly<Record<Dg1['layout'], readonly Place[]>> = {
  // ICAO 9303-5 §4.2.2.1.
  TD1: [
    ['documentCode', 0, 1, 2],
    ['issuingState', 0, 3, 5],
    ['documentNumber', 0, 6, 14],
    ['optionalData', 0, 16, 30],
    ['birthDate', 1, 1, 6],
    ['sex', 1, 8, 8],
    ['expiryDate', 1, 9, 14],
    ['nationality', 1, 16, 18],
    ['optionalData', 1, 19, 29],
    ['name', 2, 1, 30],
    ['checkDigits', 0, 15, 15],
    ['checkDigits', 1, 7, 7],
    ['checkDigits', 1, 15, 15],
    ['checkDigits', 1, 30, 30],
  ],
  // ICAO 9303-6 §4.2.2.1.
  TD2: [
    ['documentCode', 0, 1, 2],
    ['issuingState', 0, 3, 5],
    ['name', 0, 6, 36],
    ['documentNumber', 1, 1, 9],
    ['nationality', 1, 11, 13],
    ['birthDate', 1, 14, 19],
    ['sex', 1, 21, 21],
    ['expiryDate', 1, 22, 27],
    ['optionalData', 1, 29, 35],
    ['checkDigits', 1, 10, 10],
    ['checkDigits', 1, 20, 20],
    ['checkDigits', 1, 28, 28],
    ['checkDigits', 1, 36, 36],
  ],
  // ICAO 9303-4 §4.2.2.1.
  TD3: [
    ['documentCode', 0, 1, 2],
    ['issuingState', 0, 3, 5],
    ['name', 0, 6, 44],
    ['documentNumber', 1, 1, 9],
    ['nationality', 1, 11, 13],
    ['birthDate', 1, 14, 19],
    ['sex', 1, 21, 21],
    ['expiryDate', 1, 22, 27],
    ['optionalData', 1, 29, 42],
    ['checkDigits', 1, 10, 10],
    ['checkDigits', 1, 20, 20],
    ['checkDigits', 1, 28, 28],
    ['checkDigits', 1, 43, 44],
  ],
  // GA/T 704, one line.
  CS90: [
    ['documentCode', 0, 1, 2],
    ['documentNumber', 0, 3, 11],
    ['expiryDate', 0, 14, 19],
    ['birthDate', 0, 22, 27],
    ['checkDigits', 0, 12, 12],
    ['checkDigits', 0, 20, 20],
    ['checkDigits', 0, 28, 28],
    ['checkDigits', 0, 30, 30],
  ],
};

/** Compares the printed lines with the chip's, field by field; null where the two are not of one layout. */
export function compareMrz(printed: readonly string[], dg1: Dg1): readonly FieldComparison[] | null {
  const isSameShape =
    printed.length === dg1.lines.length && printed.every((line, index) => line.length === dg1.lines[index]!.length);
  if (!isSameShape) return null;
  const compared = new Map<MrzField, boolean>();
  for (const [field, line, from, to] of PLACES[dg1.layout]) {
    const isSame = printed[line]!.slice(from - 1, to) === dg1.lines[line]!.slice(from - 1, to);
    compared.set(field, isSame && (compared.get(field) ?? true));
  }
  return [...compared].map(([field, isSame]) => ({ field, isSame }));
}

/** The verdict's check: names the first field that differs, never its content. */
export function checkMrzMatchesChip(printed: readonly string[] | null, dg1: Dg1 | null): Check {
  const id = 'mrzMatchesChip';
  if (!dg1) return notDone(id, 'dg1Unreadable');
  if (!printed) return notDone(id, 'noPrintedMrz');
  const compared = compareMrz(printed, dg1);
  if (!compared) return failed(id, 'layoutDiffers');
  const different = compared.find(({ isSame }) => !isSame);
  return different ? failed(id, `differs:${different.field}`) : passed(id);
}
