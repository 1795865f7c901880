import { type CheckRow, defineLayout, type FieldRow, type MrzLayout } from './layout.ts';
import type { MrzFormat } from './reading.ts';

/** Passports and visas run ten years; the rest is slack for extensions. Some identity cards run for decades. */
const BOOKLET_YEARS = 15;
const CARD_YEARS = 50;

/** Cards of ID-1 size (ICAO 9303-5 §4.2). */
export const TD1: MrzLayout = defineLayout({
  format: 'TD1',
  lineCount: 3,
  lineLength: 30,
  fields: [
    [1, 1, 2, 'letters', 'documentCode'],
    [1, 3, 5, 'letters', 'issuingState'],
    [1, 6, 14, 'mixed', 'documentNumber'],
    [1, 16, 30, 'mixed', 'optionalData'],
    [2, 1, 6, 'birthDate', 'birthDate'],
    [2, 8, 8, 'mixed', 'sex'],
    [2, 9, 14, 'expiryDate', 'expiryDate'],
    [2, 16, 18, 'letters', 'nationality'],
    [2, 19, 29, 'mixed', 'optionalData2'],
    [3, 1, 30, 'letters', 'name'],
  ],
  checks: [
    { field: 'documentNumber', over: [[1, 6, 14]], digit: [1, 15] },
    { field: 'birthDate', over: [[2, 1, 6]], digit: [2, 7] },
    { field: 'expiryDate', over: [[2, 9, 14]], digit: [2, 15] },
    {
      field: 'composite',
      over: [
        [1, 6, 30],
        [2, 1, 7],
        [2, 9, 15],
        [2, 19, 29],
      ],
      digit: [2, 30],
    },
  ],
  longNumbers: true,
  maxValidityYears: CARD_YEARS,
});

/** The four two-line formats differ in width, in the optional field, and in having a composite check digit. */
function twoLines(
  format: MrzFormat,
  lineLength: number,
  optional: FieldRow,
  checks: readonly CheckRow[],
  rest: { readonly longNumbers?: boolean; readonly maxValidityYears: number },
): MrzLayout {
  return defineLayout({
    format,
    lineCount: 2,
    lineLength,
    fields: [
      [1, 1, 2, 'letters', 'documentCode'],
      [1, 3, 5, 'letters', 'issuingState'],
      [1, 6, lineLength, 'letters', 'name'],
      [2, 1, 9, 'mixed', 'documentNumber'],
      [2, 11, 13, 'letters', 'nationality'],
      [2, 14, 19, 'birthDate', 'birthDate'],
      [2, 21, 21, 'mixed', 'sex'],
      [2, 22, 27, 'expiryDate', 'expiryDate'],
      optional,
    ],
    checks: [
      { field: 'documentNumber', over: [[2, 1, 9]], digit: [2, 10] },
      { field: 'birthDate', over: [[2, 14, 19]], digit: [2, 20] },
      { field: 'expiryDate', over: [[2, 22, 27]], digit: [2, 28] },
      ...checks,
    ],
    ...rest,
  });
}

const compositeTo = (lastColumn: number): CheckRow => ({
  field: 'composite',
  over: [
    [2, 1, 10],
    [2, 14, 20],
    [2, 22, lastColumn],
  ],
  digit: [2, lastColumn + 1],
});

/** Official documents of ID-2 size (ICAO 9303-6 §4.2). */
export const TD2 = twoLines('TD2', 36, [2, 29, 35, 'mixed', 'optionalData'], [compositeTo(35)], {
  longNumbers: true,
  maxValidityYears: CARD_YEARS,
});

/** Passports (ICAO 9303-4 §4.2). */
export const TD3 = twoLines(
  'TD3',
  44,
  [2, 29, 42, 'mixed', 'optionalData'],
  [{ field: 'personalNumber', over: [[2, 29, 42]], digit: [2, 43], fillerWhenEmpty: true }, compositeTo(43)],
  { maxValidityYears: BOOKLET_YEARS },
);

/** Visas in the size of a passport page, and the smaller ones (ICAO 9303-7 §4.2, §5.2). Neither has a composite. */
export const MRVA = twoLines('MRVA', 44, [2, 29, 44, 'mixed', 'optionalData'], [], { maxValidityYears: BOOKLET_YEARS });
export const MRVB = twoLines('MRVB', 36, [2, 29, 36, 'mixed', 'optionalData'], [], { maxValidityYears: BOOKLET_YEARS });
