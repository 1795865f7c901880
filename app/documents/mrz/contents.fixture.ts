import fc from 'fast-check';
import type { MrzContent } from './write-mrz.ts';

/** Documents of every format, for property tests: whatever a writer accepts and a reader must give back. */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALPHANUMERIC = `${LETTERS}0123456789`;
const WITH_FILLER = `${ALPHANUMERIC}<`;
/** Common characters of GBK's first level; the codec has its own test over all of GBK. */
const CHINESE = '证件样本测试郑建杨王大明李小龙陈';

const textOf = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });

/** Not empty at the end: trailing fillers do not come back. */
const fieldOf = (maxLength: number): fc.Arbitrary<string> =>
  textOf(WITH_FILLER, 0, maxLength).map((text) => text.replace(/<+$/, ''));

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const date = fc
  .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map((parts) => parts.map(twoDigits).join(''));
const birthDate = fc.oneof(
  { weight: 8, arbitrary: date },
  { weight: 1, arbitrary: date.map((text) => `${text.slice(0, 4)}<<`) },
  { weight: 1, arbitrary: date.map((text) => `${text.slice(0, 2)}<<<<`) },
  { weight: 1, arbitrary: fc.constant('<<<<<<') },
);
const words = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(textOf(LETTERS, 1, 8), { minLength: 1, maxLength: 3 })
    .map((list) => list.join(' ').slice(0, maxLength).trim());
const state = fc.constantFrom('UTO', 'D', 'CHN', 'HKG', 'MAC', 'GBR', 'GBD', 'XXA', 'UNO', 'SWE');

const base = {
  issuingState: state,
  nationality: state,
  birthDate,
  sex: fc.constantFrom('M', 'F', 'X', ''),
  expiryDate: date,
  optionalData2: fc.constant<string>(''),
  nativeName: fc.constant(null),
  permit: fc.constant(null),
  longNumberInput: fc.constant(null),
};
const shortNumber = textOf(ALPHANUMERIC, 1, 9);
const code = (first: string): fc.Arbitrary<string> =>
  fc.tuple(fc.constant(first), textOf('ABDEGH', 0, 1)).map((parts) => parts.join(''));

/** A primary and a secondary identifier that fit their field together with the two fillers between them. */
const names = (size: number) =>
  fc.tuple(words(Math.floor(size / 2)), fc.oneof(fc.constant(''), words(Math.floor(size / 2) - 2)));

export const icaoContent: fc.Arbitrary<MrzContent> = fc.oneof(
  withNames('TD1', 30, { ...base, documentCode: code('I'), optionalData: fieldOf(15), optionalData2: fieldOf(11) }),
  withNames('TD2', 31, { ...base, documentCode: code('I'), optionalData: fieldOf(7) }),
  withNames('TD3', 39, {
    ...base,
    documentCode: code('P'),
    optionalData: textOf(ALPHANUMERIC, 0, 14),
    issuingState: fc.constant('UTO'),
  }),
  withNames('MRVA', 39, { ...base, documentCode: code('V'), optionalData: fieldOf(16) }),
  withNames('MRVB', 31, { ...base, documentCode: code('V'), optionalData: fieldOf(8) }),
);

interface IcaoParts {
  readonly documentCode: fc.Arbitrary<string>;
  readonly optionalData: fc.Arbitrary<string>;
}

function withNames(
  format: MrzContent['format'],
  nameSize: number,
  parts: typeof base & IcaoParts,
): fc.Arbitrary<MrzContent> {
  return fc
    .record({ ...parts, format: fc.constant(format), documentNumber: shortNumber, name: names(nameSize) })
    .map(({ name, ...rest }) => ({ ...rest, primaryIdentifier: name[0], secondaryIdentifier: name[1] }));
}

/** TD1 and TD2 with a number that goes on in the optional field. */
export const longNumberContent: fc.Arbitrary<MrzContent> = fc
  .record({
    ...base,
    format: fc.constantFrom('TD1' as const, 'TD2' as const),
    documentCode: code('I'),
    documentNumber: textOf(ALPHANUMERIC, 10, 15),
    optionalData: fc.constant(''),
    name: names(30),
    longNumberInput: fc.constantFrom('excl-filler' as const, 'incl-filler' as const),
  })
  .map(({ name, ...rest }) => ({ ...rest, primaryIdentifier: name[0], secondaryIdentifier: name[1] }));

const chinese = { ...base, issuingState: fc.constant('CHN'), optionalData: fc.constant('') };
const permitBase = {
  renewalCount: fc.constant(null),
  birthCentury: fc.constant(null),
  localNumber: fc.constant(null),
  issuingAuthority: fc.constant(null),
  placeOfBirth: fc.constant(null),
  nativeNameOverflow: fc.constant(null),
  latinNameOverflow: fc.constant(null),
  compositeInput: fc.constant(null),
};

/** `CS` and `CD` as printed: no name, no sex. */
export const oneLineContent: fc.Arbitrary<MrzContent> = fc.constantFrom('CS' as const, 'CD' as const).chain((format) =>
  fc.record({
    ...chinese,
    format: fc.constant(format),
    documentCode: fc.constant(format),
    documentNumber: shortNumber,
    nationality: fc.constant('CHN'),
    sex: fc.constant(''),
    primaryIdentifier: fc.constant(''),
    secondaryIdentifier: fc.constant(''),
    permit: fc.record(permitBase),
  }),
);

export const permitContent: fc.Arbitrary<MrzContent> = fc
  .constantFrom('CR' as const, 'CT' as const, 'CF' as const)
  .chain((format) => {
    const nativeName = fc.string({
      unit: fc.constantFrom(...CHINESE),
      minLength: 1,
      maxLength: format === 'CF' ? 3 : 4,
    });
    return fc
      .record({
        ...chinese,
        format: fc.constant(format),
        documentCode: fc.constant(format),
        documentNumber: shortNumber,
        nationality: format === 'CF' ? state : fc.constant('CHN'),
        nativeName: fc.oneof(fc.constant(null), nativeName),
        name: names(26),
        permit: fc.record({
          ...permitBase,
          renewalCount: fc.integer({ min: 0, max: 99 }).map(twoDigits),
          birthCentury: fc.constantFrom('19', '20'),
          localNumber: fc.oneof(fc.constant(null), textOf(ALPHANUMERIC, 8, format === 'CR' ? 9 : 10)),
          issuingAuthority: fc.oneof(fc.constant(null), textOf('0123456789', 4, 4)),
          nativeNameOverflow: format === 'CF' ? fc.constant(null) : fc.integer({ min: 0, max: 3 }),
          latinNameOverflow: format === 'CF' ? fc.constant(null) : fc.integer({ min: 0, max: 3 }),
          compositeInput: fc.constant('excl-renewalCount' as const),
        }),
      })
      .map(({ name, ...rest }) => ({
        ...rest,
        optionalData: (rest.permit.localNumber ?? '').slice(0, 9),
        primaryIdentifier: name[0],
        secondaryIdentifier: name[1],
      }));
  });

export const anyContent: fc.Arbitrary<MrzContent> = fc.oneof(
  icaoContent,
  longNumberContent,
  oneLineContent,
  permitContent,
);
