import { type CheckRow, defineLayout, type FieldRow, type MrzLayout } from './layout.ts';
import type { MrzFormat } from './reading.ts';

/** Permits of both kinds run five or ten years. */
const PERMIT_YEARS = 15;
const CHINA = { maxValidityYears: PERMIT_YEARS, issuer: 'CHN', lineLength: 30 } as const;

const ONE_LINE_FIELDS: readonly FieldRow[] = [
  [1, 1, 2, 'letters', 'documentCode'],
  [1, 3, 11, 'mixed', 'documentNumber'],
  [1, 13, 13, 'filler', null],
  [1, 14, 19, 'expiryDate', 'expiryDate'],
  [1, 21, 21, 'filler', null],
  [1, 22, 27, 'birthDate', 'birthDate'],
  [1, 29, 29, 'filler', null],
];

const ONE_LINE_CHECKS: readonly CheckRow[] = [
  { field: 'documentNumber', over: [[1, 3, 11]], digit: [1, 12] },
  { field: 'expiryDate', over: [[1, 14, 19]], digit: [1, 20] },
  { field: 'birthDate', over: [[1, 22, 27]], digit: [1, 28] },
  {
    field: 'composite',
    over: [
      [1, 3, 12],
      [1, 14, 20],
      [1, 22, 28],
    ],
    digit: [1, 30],
  },
];

/** Exit-entry permit for Hong Kong and Macao (`CS`), mainland resident's permit for Taiwan (`CD`), as printed (GA/T 704). */
const oneLine = (format: MrzFormat): MrzLayout =>
  defineLayout({ ...CHINA, format, lineCount: 1, fields: ONE_LINE_FIELDS, checks: ONE_LINE_CHECKS, holder: 'CHN' });

/**
 * DG1 of the same cards' chip: 90 characters that look like TD1 and are not. 31-42 Chinese name, 43-60 Latin name,
 * 61 sex, 69-71 place of birth; the rest is reserved or undocumented.
 */
const oneLineChip = (format: MrzFormat): MrzLayout =>
  defineLayout({
    ...CHINA,
    format,
    lineCount: 3,
    fields: [
      ...ONE_LINE_FIELDS,
      [2, 1, 12, 'letters', 'nativeName'],
      [2, 13, 30, 'letters', 'name'],
      [3, 1, 1, 'mixed', 'sex'],
      [3, 2, 8, 'anything', null],
      [3, 9, 11, 'anything', 'placeOfBirth'],
      [3, 12, 30, 'anything', null],
    ],
    checks: ONE_LINE_CHECKS,
    holder: 'CHN',
  });

const LOCAL_ID_CHECK: CheckRow = { field: 'localId', over: [[2, 20, 28]], digit: [2, 29], fillerWhenEmpty: true };

/**
 * Inferred: GA/T 704 does not print the composite rule. Both published specimens (CR and CT) hold without the renewal
 * count; other sample cards, with a count that is not 00, hold only with it. Both are accepted, and the reading says which.
 */
const COMPOSITE: CheckRow['over'] = [
  [1, 3, 12],
  [1, 16, 22],
  [1, 24, 30],
  [2, 20, 29],
];
const COMPOSITE_WITH_RENEWAL_COUNT: CheckRow['over'] = [
  [1, 3, 22],
  [1, 24, 30],
  [2, 20, 29],
];

/** Mainland travel permits: `CR` for Hong Kong and Macao residents, `CT` for Taiwan, `CF` for non-Chinese residents. */
function threeLines(format: MrzFormat, middle: readonly FieldRow[], checks: readonly CheckRow[]): MrzLayout {
  return defineLayout({
    ...CHINA,
    format,
    lineCount: 3,
    fields: [
      [1, 1, 2, 'letters', 'documentCode'],
      [1, 3, 11, 'mixed', 'documentNumber'],
      [1, 13, 14, 'digits', 'renewalCount'],
      [1, 16, 21, 'expiryDate', 'expiryDate'],
      [1, 23, 23, 'mixed', 'sex'],
      [1, 24, 29, 'birthDate', 'birthDate'],
      ...middle,
      [2, 19, 19, 'letters', 'birthCentury'],
      [2, 20, 29, 'mixed', 'localId'],
      [3, 1, 26, 'letters', 'name'],
      [3, 27, 30, 'anything', 'issuingAuthority'],
    ],
    checks: [
      { field: 'documentNumber', over: [[1, 3, 11]], digit: [1, 12] },
      { field: 'renewalCount', over: [[1, 13, 14]], digit: [1, 15] },
      { field: 'expiryDate', over: [[1, 16, 21]], digit: [1, 22] },
      { field: 'birthDate', over: [[1, 24, 29]], digit: [1, 30] },
      ...checks,
      {
        field: 'composite',
        over: COMPOSITE,
        orOver: COMPOSITE_WITH_RENEWAL_COUNT,
        digit: [2, 30],
      },
    ],
    ...(format === 'CF' ? {} : { holder: 'CHN' }),
  });
}

const NATIVE_NAME_OF_FOUR: readonly FieldRow[] = [
  [2, 1, 16, 'letters', 'nativeName'],
  [2, 17, 17, 'letters', 'nativeNameOverflow'],
  [2, 18, 18, 'letters', 'latinNameOverflow'],
];

export const CS = oneLine('CS');
export const CD = oneLine('CD');
export const CS_CHIP = oneLineChip('CS');
export const CD_CHIP = oneLineChip('CD');
/** Only the CR specimen's local number ends in a check digit of its own; the CT specimen's does not. */
export const CR = threeLines('CR', NATIVE_NAME_OF_FOUR, [LOCAL_ID_CHECK]);
export const CT = threeLines('CT', NATIVE_NAME_OF_FOUR, []);
export const CF = threeLines(
  'CF',
  [
    [2, 1, 12, 'letters', 'nativeName'],
    [2, 13, 15, 'anything', null],
    [2, 16, 18, 'letters', 'nationality'],
  ],
  [],
);
