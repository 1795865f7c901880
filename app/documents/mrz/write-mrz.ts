import { err, ok, type Result } from '../../contract/result.ts';
import { codesOf, ZERO_CODE } from './characters.ts';
import { digitOver } from './check-digits.ts';
import type { CheckRule, MrzLayout, SpanName } from './layout.ts';
import { CD, CD_CHIP, CF, CR, CS, CS_CHIP, CT } from './layouts-china.ts';
import { MRVA, MRVB, TD1, TD2, TD3 } from './layouts-icao.ts';
import { encodeNativeName } from './native-name.ts';
import { readText } from './read-text.ts';
import type { LongNumberInput, MrzDocument, MrzFormat, MrzProblem } from './reading.ts';
import { chunks } from './split-lines.ts';

/** Whatever `readMrz` gives can be written again; for new documents the same fields, filled in. */
export type MrzContent = Pick<
  MrzDocument,
  | 'format'
  | 'documentCode'
  | 'issuingState'
  | 'documentNumber'
  | 'nationality'
  | 'birthDate'
  | 'sex'
  | 'expiryDate'
  | 'primaryIdentifier'
  | 'secondaryIdentifier'
  | 'optionalData'
  | 'optionalData2'
  | 'nativeName'
  | 'permit'
  | 'longNumberInput'
>;

export type MrzWriteProblem =
  | { readonly code: 'tooLong'; readonly field: SpanName; readonly maximum: number }
  | { readonly code: 'notInGbk'; readonly field: 'nativeName'; readonly character: string }
  /** The value reads back as another: a space too many, a filler inside, a number with no room for its check digit. */
  | { readonly code: 'notRepresentable'; readonly field: SpanName }
  /** The text would not be read as a valid document: a character, a date or a sex that the zone does not have. */
  | { readonly code: 'notValid'; readonly problems: readonly MrzProblem[] };

const LAYOUTS: Readonly<Record<MrzFormat, MrzLayout>> = { TD1, TD2, TD3, MRVA, MRVB, CS, CD, CR, CT, CF };
const CHIP_LAYOUTS: Readonly<Partial<Record<MrzFormat, MrzLayout>>> = { CS: CS_CHIP, CD: CD_CHIP };
/** Whether a text is valid does not depend on the day; only the century of its years does. */
const ANY_DAY = { year: 2000, month: 1, day: 1 };

/**
 * The lines of a document, with every check digit. Names are A-Z and single spaces: transliterate first. In a document
 * whose number is longer than nine characters, `optionalData` is either as printed (it begins with the rest of the number)
 * or empty, and is then made. `onChip` writes the 90 characters of a CS or CD card's DG1.
 */
export function writeMrz(
  content: MrzContent,
  options: { readonly onChip?: boolean } = {},
): Result<string[], MrzWriteProblem> {
  const layout = (options.onChip === true ? CHIP_LAYOUTS[content.format] : undefined) ?? LAYOUTS[content.format];
  const fields = fieldTexts(content, layout);
  if (!fields.ok) return fields;
  const characters = new Array<string>(layout.readMask.length).fill('<');
  for (const [name, text] of fields.value) {
    const { start, end } = layout.at[name];
    if (start < 0) continue;
    if (text.length > end - start) return err({ code: 'tooLong', field: name, maximum: end - start });
    for (let i = 0; i < text.length; i++) characters[start + i] = text[i]!;
  }
  writeCheckDigits(characters, content, layout);
  const text = characters.join('');
  const reading = readText(text, layout, ANY_DAY);
  if (!reading.valid) return err({ code: 'notValid', problems: reading.problems });
  const lost = firstDifference(content, reading, layout);
  return lost === null ? ok(chunks(text, layout.lineLength)) : err({ code: 'notRepresentable', field: lost });
}

/** The first field that does not read back as it was given; fields that the format lacks are left out. */
function firstDifference(content: MrzContent, reading: MrzDocument, { at }: MrzLayout): SpanName | null {
  const isMade = reading.longNumberInput !== null && content.optionalData === '';
  const pairs: readonly (readonly [SpanName, string | null, string | null])[] = [
    ['documentCode', content.documentCode, reading.documentCode],
    ['issuingState', content.issuingState, reading.issuingState],
    ['documentNumber', content.documentNumber, reading.documentNumber],
    ['nationality', content.nationality, reading.nationality],
    ['sex', content.sex, reading.sex],
    ['name', content.primaryIdentifier, reading.primaryIdentifier],
    ['name', content.secondaryIdentifier, reading.secondaryIdentifier],
    ['optionalData', isMade ? reading.optionalData : content.optionalData, reading.optionalData],
    ['optionalData2', content.optionalData2, reading.optionalData2],
    ['nativeName', content.nativeName, reading.nativeName],
    ['renewalCount', content.permit?.renewalCount ?? '00', reading.permit?.renewalCount ?? '00'],
    ['localId', content.permit?.localNumber ?? null, reading.permit?.localNumber ?? null],
    ['issuingAuthority', content.permit?.issuingAuthority ?? null, reading.permit?.issuingAuthority ?? null],
  ];
  for (const [field, given, read] of pairs) if (at[field].start >= 0 && given !== read) return field;
  return null;
}

function fieldTexts(content: MrzContent, layout: MrzLayout): Result<Map<SpanName, string>, MrzWriteProblem> {
  const nativeName = encodeNativeName(layout.at.nativeName.start < 0 ? '' : (content.nativeName ?? ''));
  if (!nativeName.ok) return err({ ...nativeName.error, field: 'nativeName' });
  const { permit } = content;
  const local = permit?.localNumber ?? '';
  const number = splitNumber(content, layout);
  return ok(
    new Map<SpanName, string>([
      ['documentCode', content.documentCode],
      ['issuingState', content.issuingState],
      ['documentNumber', number.inPlace],
      ['nationality', content.nationality],
      ['birthDate', content.birthDate],
      ['birthCentury', centuryLetter(permit?.birthCentury ?? null)],
      ['sex', content.sex],
      ['expiryDate', content.expiryDate],
      ['name', nameText(content)],
      ['optionalData', number.optionalData],
      ['optionalData2', content.optionalData2],
      ['renewalCount', permit?.renewalCount ?? '00'],
      ['localId', local],
      ['nativeName', nativeName.value],
      ['nativeNameOverflow', nibbleLetter(permit?.nativeNameOverflow ?? null)],
      ['latinNameOverflow', nibbleLetter(permit?.latinNameOverflow ?? null)],
      ['issuingAuthority', permit?.issuingAuthority ?? ''],
      ['placeOfBirth', permit?.placeOfBirth ?? ''],
    ]),
  );
}

function nameText({ primaryIdentifier, secondaryIdentifier }: MrzContent): string {
  const primary = primaryIdentifier.replaceAll(' ', '<');
  return secondaryIdentifier === '' ? primary : `${primary}<<${secondaryIdentifier.replaceAll(' ', '<')}`;
}

interface SplitNumber {
  readonly inPlace: string;
  readonly optionalData: string;
}

/** Nine characters in place, the rest and the check digit in front of the optional field (ICAO 9303-5 §4.2.4). */
function splitNumber({ documentNumber, optionalData, longNumberInput }: MrzContent, layout: MrzLayout): SplitNumber {
  const { start, end } = layout.at.documentNumber;
  const size = end - start;
  if (!layout.longNumbers || documentNumber.length <= size) return { inPlace: documentNumber, optionalData };
  const inPlace = documentNumber.slice(0, size);
  const rest = documentNumber.slice(size);
  if (optionalData.startsWith(rest)) return { inPlace, optionalData };
  return { inPlace, optionalData: rest + longCheckDigit(inPlace, rest, longNumberInput) };
}

function longCheckDigit(inPlace: string, rest: string, input: LongNumberInput | null): string {
  const text = inPlace + (input === 'incl-filler' ? '<' : '') + rest;
  const digit = digitOver(codesOf(text), [0, text.length]);
  return digit < 0 ? '<' : String(digit);
}

/** The composite covers the others, and comes last in every layout. */
function writeCheckDigits(characters: string[], content: MrzContent, layout: MrzLayout): void {
  const isLong =
    layout.longNumbers && content.documentNumber.length > layout.at.documentNumber.end - layout.at.documentNumber.start;
  for (const rule of layout.checks) {
    if (isLong && rule.field === 'documentNumber') continue;
    const codes = codesOf(characters.join(''));
    const isEmpty = rule.over.every(
      (start, i) => i % 2 === 1 || characters.slice(start, rule.over[i + 1]).every((c) => c === '<'),
    );
    if (rule.fillerWhenEmpty && isEmpty) continue;
    const digit = digitOver(codes, coverage(rule, content));
    if (digit >= 0) characters[rule.digitAt] = String.fromCharCode(ZERO_CODE + digit);
  }
}

function coverage(rule: CheckRule, { permit }: MrzContent): readonly number[] {
  return permit?.compositeInput === 'incl-renewalCount' && rule.orOver !== null ? rule.orOver : rule.over;
}

const nibbleLetter = (count: number | null): string => (count === null ? '' : String.fromCharCode(0x41 + (count & 15)));
const centuryLetter = (century: string | null): string => (century === '19' ? 'B' : century === '20' ? 'C' : '');
