import { ANY, DIGIT, FILLER, LETTER } from './characters.ts';
import type { MrzCheckField, MrzField, MrzFormat } from './reading.ts';

/**
 * A document format as data. Offsets count from 0 through all lines joined: one text, one array of codes, no
 * line arithmetic where documents are read.
 */
export interface MrzLayout {
  readonly format: MrzFormat;
  readonly lineCount: number;
  readonly lineLength: number;
  readonly spans: readonly FieldSpan[];
  readonly checks: readonly CheckRule[];
  /** Where a field begins; -1 when the format has no such field. Ends are exclusive. */
  readonly at: Readonly<Record<SpanName, Span>>;
  /** A number too long for its field goes on in `optionalData` (ICAO 9303-5 §4.2.4, 9303-6 §4.2.4). */
  readonly longNumbers: boolean;
  /** Documents of this format expire at most so many years after the day they are read: settles two-digit years. */
  readonly maxValidityYears: number;
  /** Cards whose zone names no state: all of them are issued by one. */
  readonly issuer: string | null;
  readonly holder: string | null;
  /** Per offset: what may stand there (`readMask`), and what a repair may put there (`repairMask`, 0 = hands off). */
  readonly readMask: Uint8Array;
  readonly repairMask: Uint8Array;
  readonly fieldAt: readonly (MrzField | null)[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface FieldSpan extends Span {
  readonly name: SpanName;
}

export interface CheckRule {
  readonly field: MrzCheckField;
  /** Pairs of start and end offsets; the 7-3-1 weights run on from one pair to the next. */
  readonly over: readonly number[];
  /** A second rule under which the digit may hold instead, where the field has seen both; `null` otherwise. */
  readonly orOver: readonly number[] | null;
  readonly digitAt: number;
  /** The digit may be `<` when everything it covers is empty (ICAO 9303-4 §4.2.2, position 43). */
  readonly fillerWhenEmpty: boolean;
}

export type SpanName =
  | Exclude<MrzField, 'composite' | 'personalNumber' | 'separator' | 'undocumented'>
  | 'nativeNameOverflow'
  | 'latinNameOverflow';

type Kind = 'letters' | 'mixed' | 'digits' | 'birthDate' | 'expiryDate' | 'filler' | 'anything';

const READ_MASKS: Record<Kind, number> = {
  letters: LETTER | FILLER,
  mixed: ANY,
  digits: DIGIT,
  // Dates and check digits have problems of their own, with more to say than "character not allowed".
  birthDate: ANY,
  expiryDate: ANY,
  filler: FILLER,
  anything: ANY,
};

const REPAIR_MASKS: Record<Kind, number> = {
  letters: 0,
  mixed: ANY,
  digits: DIGIT,
  birthDate: DIGIT | FILLER,
  expiryDate: DIGIT,
  filler: FILLER,
  anything: 0,
};

/** `[line, from, to, kind, name]`, counted from 1 and inclusive, as the standards print them. */
export type FieldRow = readonly [line: number, from: number, to: number, kind: Kind, name: SpanName | null];
type Place = readonly [line: number, from: number, to: number];
/** What a check digit covers and where it stands. */
export interface CheckRow {
  readonly field: MrzCheckField;
  readonly over: readonly Place[];
  readonly orOver?: readonly Place[];
  readonly digit: readonly [line: number, column: number];
  readonly fillerWhenEmpty?: boolean;
}

interface LayoutSource {
  readonly format: MrzFormat;
  readonly lineCount: number;
  readonly lineLength: number;
  readonly fields: readonly FieldRow[];
  readonly checks: readonly CheckRow[];
  readonly longNumbers?: boolean;
  readonly maxValidityYears: number;
  readonly issuer?: string;
  readonly holder?: string;
}

const ABSENT: Span = { start: -1, end: -1 };
const SPAN_NAMES: readonly SpanName[] = [
  'documentCode',
  'issuingState',
  'documentNumber',
  'nationality',
  'birthDate',
  'birthCentury',
  'sex',
  'expiryDate',
  'name',
  'optionalData',
  'optionalData2',
  'renewalCount',
  'localId',
  'nativeName',
  'nativeNameOverflow',
  'latinNameOverflow',
  'issuingAuthority',
  'placeOfBirth',
];

/** Computes the offsets and masks of a layout once, when the module is loaded. */
export function defineLayout(source: LayoutSource): MrzLayout {
  const size = source.lineCount * source.lineLength;
  const offset = (line: number, column: number): number => (line - 1) * source.lineLength + column - 1;
  const readMask = new Uint8Array(size);
  const repairMask = new Uint8Array(size);
  const fieldAt = new Array<MrzField | null>(size).fill(null);
  const at = Object.fromEntries(SPAN_NAMES.map((name) => [name, ABSENT])) as Record<SpanName, Span>;
  const spans: FieldSpan[] = [];

  for (const [line, from, to, kind, name] of source.fields) {
    const start = offset(line, from);
    const end = offset(line, to) + 1;
    readMask.fill(READ_MASKS[kind], start, end);
    repairMask.fill(REPAIR_MASKS[kind], start, end);
    fieldAt.fill(fieldOf(name, kind), start, end);
    if (name === null) continue;
    at[name] = { start, end };
    spans.push({ name, start, end });
  }
  const code = at.documentCode.start;
  readMask[code] = LETTER;
  readMask[code + 1] = ANY;

  const checks = source.checks.map((row): CheckRule => {
    const digitAt = offset(...row.digit);
    readMask[digitAt] = ANY;
    const mayBeFiller = row.fillerWhenEmpty === true || (source.longNumbers === true && row.field === 'documentNumber');
    repairMask[digitAt] = DIGIT | (mayBeFiller ? FILLER : 0);
    fieldAt[digitAt] = checkFieldPlace(row.field);
    const pairs = (places: readonly Place[]): number[] =>
      places.flatMap(([line, from, to]) => [offset(line, from), offset(line, to) + 1]);
    return {
      field: row.field,
      over: pairs(row.over),
      orOver: row.orOver === undefined ? null : pairs(row.orOver),
      digitAt,
      fillerWhenEmpty: row.fillerWhenEmpty === true,
    };
  });
  // A repair needs a check digit that then holds: where none covers a place, hands off (fixed fillers cover themselves).
  for (let i = 0; i < size; i++) if (!isCovered(checks, i) && readMask[i] !== FILLER) repairMask[i] = 0;

  return {
    format: source.format,
    lineCount: source.lineCount,
    lineLength: source.lineLength,
    spans,
    checks,
    at,
    longNumbers: source.longNumbers === true,
    maxValidityYears: source.maxValidityYears,
    issuer: source.issuer ?? null,
    holder: source.holder ?? null,
    readMask,
    repairMask,
    fieldAt,
  };
}

function fieldOf(name: SpanName | null, kind: Kind): MrzField {
  if (name === null) return kind === 'filler' ? 'separator' : 'undocumented';
  if (name === 'nativeNameOverflow') return 'nativeName';
  return name === 'latinNameOverflow' ? 'name' : name;
}

function checkFieldPlace(field: MrzCheckField): MrzField {
  return field === 'birthDateFormat' ? 'birthDate' : field === 'expiryDateFormat' ? 'expiryDate' : field;
}

function isCovered(checks: readonly CheckRule[], offset: number): boolean {
  return checks.some(({ over, digitAt }) => {
    if (offset === digitAt) return true;
    return over.some((start, i) => i % 2 === 0 && offset >= start && offset < over[i + 1]!);
  });
}
