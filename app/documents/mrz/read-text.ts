import { type CalendarDate, existsInCalendar, type PartialDate } from './calendar-date.ts';
import { ANY, classOfCode, FILLER_CODE, LETTER, writeCodes } from './characters.ts';
import { checkHolds, digitOver, findLongNumber, type LongNumber } from './check-digits.ts';
import { firstBadColumn, type PrintedDate, readDate, resolveBirth, resolveExpiry } from './dates.ts';
import type { MrzLayout, Span } from './layout.ts';
import { type Identifiers, readName } from './names.ts';
import { decodeNativeName } from './native-name.ts';
import { numberFitsCard } from './number-rules.ts';
import { readPermitFields } from './permit-fields.ts';
import { problemAt } from './problems.ts';
import type { MrzCheck, MrzDocument, MrzFormat, MrzProblem, MrzRepair } from './reading.ts';
import { isKnownState } from './state-codes.ts';

const CODE_C = 0x43;
const CODE_M = 0x4d;
const CODE_F = 0x46;
const CODE_X = 0x58;
/** Reading is synchronous and keeps no codes: one array serves every document, and nothing is allocated for it. */
const CODES = new Uint8Array(128);
const NO_REPAIRS: readonly MrzRepair[] = [];
const NO_NAME: Identifiers = { primary: '', secondary: '' };

/** Which first letters a document code has (ICAO 9303-4..7); others are reported, never refused. */
const FIRST_LETTERS: Readonly<Record<MrzFormat, string>> = {
  TD1: 'ACI',
  TD2: 'ACI',
  TD3: 'P',
  MRVA: 'V',
  MRVB: 'V',
  CS: 'C',
  CD: 'C',
  CR: 'C',
  CT: 'C',
  CF: 'C',
};

/**
 * Reads the lines of one document, joined, as `layout` says. `text` has exactly the layout's size; every field is read
 * by its place, whatever is wrong elsewhere. The clock is never read: two-digit years hang on `today`.
 */
export function readText(text: string, layout: MrzLayout, today: CalendarDate): MrzDocument {
  const codes = CODES;
  const charactersAllowed = writeCodes(text, codes, layout.readMask);
  const { at } = layout;
  const problems: MrzProblem[] = [];
  if (!charactersAllowed) reportCharacters(text, codes, layout, problems);

  const long = findLongNumber(codes, layout);
  const checks = readChecks(text, codes, layout, long, problems);
  const birthPrinted = readDate(codes, at.birthDate.start, true);
  const expiryPrinted = readDate(codes, at.expiryDate.start, false);
  if (birthPrinted === null) reportDate(text, codes, layout, 'birthDate', checks, problems);
  if (expiryPrinted === null) reportDate(text, codes, layout, 'expiryDate', checks, problems);
  reportSex(text, codes, layout, problems);
  // Until here every problem is an error; from here on they are warnings.
  const valid = problems.length === 0;

  const name = at.name.start < 0 ? NO_NAME : readName(text, codes, at.name.start, at.name.end);
  if (at.name.start >= 0 && name.primary === '')
    problems.push(problemAt(layout, at.name.start, 'nameMissing', 'warning'));
  const permit = readPermitFields(text, codes, layout);
  const documentNumber =
    long === null
      ? value(text, codes, at.documentNumber)
      : text.slice(at.documentNumber.start, at.documentNumber.end) + text.slice(at.optionalData.start, long.digitAt);
  const birth = birthPrinted === null ? null : resolvedBirth(birthPrinted, today, permit?.birthCentury ?? null);
  const expiry = expiryPrinted === null ? null : resolveExpiry(expiryPrinted, today, layout.maxValidityYears);
  reportCalendar(layout, birth, expiry, problems);
  reportCodes(text, codes, layout, problems);
  if (numberFitsCard(layout.format, documentNumber) === false) {
    problems.push(problemAt(layout, at.documentNumber.start, 'numberPattern', 'warning'));
  }

  return {
    format: layout.format,
    valid,
    documentCode: value(text, codes, at.documentCode),
    issuingState: layout.issuer ?? value(text, codes, at.issuingState),
    documentNumber,
    nationality: layout.holder ?? value(text, codes, at.nationality),
    birthDate: text.slice(at.birthDate.start, at.birthDate.end),
    sex: value(text, codes, at.sex),
    expiryDate: text.slice(at.expiryDate.start, at.expiryDate.end),
    primaryIdentifier: name.primary,
    secondaryIdentifier: name.secondary,
    optionalData: value(text, codes, at.localId.start < 0 ? at.optionalData : localNumberSpan(at.localId)),
    optionalData2: value(text, codes, at.optionalData2),
    nativeName: readNativeName(text, codes, layout, problems),
    birth,
    expiry,
    longNumberInput: long === null ? null : long.input,
    permit,
    checks,
    problems,
    repairs: NO_REPAIRS,
    repairTo: null,
  };
}

/** Without trailing fillers; those in front or between stand for something. */
function value(text: string, codes: Uint8Array, { start, end }: Span): string {
  if (start < 0) return '';
  let last = end;
  while (last > start && codes[last - 1] === FILLER_CODE) last--;
  return text.slice(start, last);
}

/** The local number's last place is its own check digit. */
const localNumberSpan = ({ start, end }: Span): Span => ({ start, end: end - 1 });

function reportCharacters(text: string, codes: Uint8Array, layout: MrzLayout, problems: MrzProblem[]): void {
  const { readMask } = layout;
  for (let i = 0; i < readMask.length; i++) {
    if ((classOfCode(codes[i]!) & readMask[i]!) !== 0) continue;
    const found = text[i]!;
    const lowerCase = found >= 'a' && found <= 'z';
    problems.push(problemAt(layout, i, lowerCase ? 'lowerCase' : 'characterNotAllowed', 'error', { found }));
  }
}

function readChecks(
  text: string,
  codes: Uint8Array,
  layout: MrzLayout,
  long: LongNumber | null,
  problems: MrzProblem[],
): MrzCheck[] {
  const checks: MrzCheck[] = [];
  for (const rule of layout.checks) {
    const isOk = checkHolds(codes, rule, long);
    checks.push({ field: rule.field, ok: isOk });
    if (isOk) continue;
    const offset = long !== null && rule.field === 'documentNumber' ? long.digitAt : rule.digitAt;
    const field = layout.fieldAt[rule.digitAt] ?? 'composite';
    const digit = offset === rule.digitAt ? digitOver(codes, rule.over) : -1;
    const expected = digit < 0 ? {} : { expected: String(digit) };
    problems.push(
      problemAt(layout, offset, 'checkDigitMismatch', 'error', { field, found: text[offset]!, ...expected }),
    );
  }
  return checks;
}

function reportDate(
  text: string,
  codes: Uint8Array,
  layout: MrzLayout,
  field: 'birthDate' | 'expiryDate',
  checks: MrzCheck[],
  problems: MrzProblem[],
): void {
  checks.push({ field: `${field}Format`, ok: false });
  const { start } = layout.at[field];
  const offset = start + firstBadColumn(codes, start, field === 'birthDate');
  problems.push(problemAt(layout, offset, 'invalidDate', 'error', { found: text[offset]! }));
}

function reportSex(text: string, codes: Uint8Array, layout: MrzLayout, problems: MrzProblem[]): void {
  const { start } = layout.at.sex;
  if (start < 0) return;
  const code = codes[start]!;
  if (code === CODE_M || code === CODE_F || code === FILLER_CODE || code === CODE_X) return;
  // A character of no class has been reported already.
  if ((classOfCode(code) & ANY) !== 0)
    problems.push(problemAt(layout, start, 'invalidSex', 'error', { found: text[start]! }));
}

function resolvedBirth(printed: PrintedDate, today: CalendarDate, century: string | null): PartialDate {
  const birth = resolveBirth(printed, today);
  return century === null || birth.year === null
    ? birth
    : { ...birth, year: Number(century) * 100 + printed.yearOfCentury };
}

/** 29 February of a year that has none: two digits of a year decide nothing, so it is said and not judged. */
function reportCalendar(
  layout: MrzLayout,
  birth: PartialDate | null,
  expiry: CalendarDate | null,
  problems: MrzProblem[],
): void {
  if (birth !== null && !existsInCalendar(birth)) {
    problems.push(problemAt(layout, layout.at.birthDate.start + 4, 'dayNotInCalendar', 'warning'));
  }
  if (expiry !== null && !existsInCalendar(expiry)) {
    problems.push(problemAt(layout, layout.at.expiryDate.start + 4, 'dayNotInCalendar', 'warning'));
  }
}

function reportCodes(text: string, codes: Uint8Array, layout: MrzLayout, problems: MrzProblem[]): void {
  const { documentCode, issuingState, nationality, sex } = layout.at;
  const first = text[documentCode.start]!;
  if (!FIRST_LETTERS[layout.format].includes(first)) {
    problems.push(problemAt(layout, documentCode.start, 'unknownDocumentCode', 'warning', { found: first }));
  }
  if (issuingState.start >= 0 && !isKnownState(codes, issuingState.start)) {
    problems.push(problemAt(layout, issuingState.start, 'unknownState', 'warning'));
  }
  if (nationality.start >= 0 && !isKnownState(codes, nationality.start)) {
    problems.push(problemAt(layout, nationality.start, 'unknownState', 'warning'));
  }
  // `X` is how the visual zone writes an unspecified sex; the machine-readable zone has `<` (ICAO 9303-4 §4.2.2).
  if (sex.start >= 0 && codes[sex.start] === CODE_X)
    problems.push(problemAt(layout, sex.start, 'sexNotForMrz', 'warning'));
}

/** Chinese cards have a field of their own; Chinese e-passports open the optional field with at most three characters. */
const PASSPORT_NAME_LETTERS = 12;

function readNativeName(text: string, codes: Uint8Array, layout: MrzLayout, problems: MrzProblem[]): string | null {
  const { start, end } = layout.at.nativeName;
  if (start >= 0) {
    const name = decodeNativeName(text.slice(start, end));
    if (name === null) problems.push(problemAt(layout, start, 'nativeNameNotDecodable', 'warning'));
    return name === '' ? null : name;
  }
  const issuer = layout.at.issuingState.start;
  if (layout.format !== 'TD3' || codes[issuer] !== CODE_C || !text.startsWith('CHN', issuer)) return null;
  const optional = layout.at.optionalData.start;
  let letters = 0;
  while (letters < PASSPORT_NAME_LETTERS && classOfCode(codes[optional + letters]!) === LETTER) letters++;
  const name = decodeNativeName(text.slice(optional, optional + letters));
  return name === '' ? null : name;
}
