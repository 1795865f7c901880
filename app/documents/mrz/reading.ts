import type { CalendarDate, PartialDate } from './calendar-date.ts';

export const MRZ_FORMATS = ['TD1', 'TD2', 'TD3', 'MRVA', 'MRVB', 'CS', 'CD', 'CR', 'CT', 'CF'] as const;
export type MrzFormat = (typeof MRZ_FORMATS)[number];

/** A place in the zone that a problem or repair can point at. */
export type MrzField =
  | 'documentCode'
  | 'issuingState'
  | 'documentNumber'
  | 'nationality'
  | 'birthDate'
  | 'birthCentury'
  | 'sex'
  | 'expiryDate'
  | 'name'
  | 'optionalData'
  | 'optionalData2'
  | 'personalNumber'
  | 'renewalCount'
  | 'localId'
  | 'nativeName'
  | 'issuingAuthority'
  | 'placeOfBirth'
  | 'separator'
  | 'undocumented'
  | 'composite';

/** What has a check digit; the two `..Format` checks appear only when they fail. */
export type MrzCheckField =
  | 'documentNumber'
  | 'birthDate'
  | 'expiryDate'
  | 'personalNumber'
  | 'renewalCount'
  | 'localId'
  | 'composite'
  | 'birthDateFormat'
  | 'expiryDateFormat';

export interface MrzCheck {
  readonly field: MrzCheckField;
  readonly ok: boolean;
}

/** `error` makes the document invalid; `warning` is for people and for other rules than the document's own. */
export type MrzSeverity = 'error' | 'warning';

export type MrzProblemCode =
  | 'unrecognisedFormat'
  | 'inputTooLong'
  | 'wrongLineLength'
  | 'wrongLineCount'
  | 'duplicateLine'
  | 'linesOutOfOrder'
  | 'lineBroken'
  | 'characterNotAllowed'
  | 'lowerCase'
  | 'checkDigitMismatch'
  | 'invalidDate'
  | 'dayNotInCalendar'
  | 'invalidSex'
  | 'sexNotForMrz'
  | 'nameMissing'
  | 'unknownState'
  | 'unknownDocumentCode'
  | 'numberPattern'
  | 'nativeNameNotDecodable'
  | 'repairRefused';

/** `line` and `column` count from 1; `null` where the problem has no single place. Never more than one character of data. */
export interface MrzProblem {
  readonly code: MrzProblemCode;
  readonly severity: MrzSeverity;
  readonly field: MrzField | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly expected: string | null;
  readonly found: string | null;
}

export type MrzRepairCode =
  | 'lookAlike'
  | 'upperCase'
  | 'fillersAdded'
  | 'fillersRemoved'
  | 'duplicateLineRemoved'
  | 'linesReordered'
  | 'linesRejoined';

/** One change between what was read and `repairTo`. `line`/`column` count from 1 in the line as read. */
export interface MrzRepair {
  readonly code: MrzRepairCode;
  readonly field: MrzField | null;
  readonly line: number;
  readonly column: number;
  readonly from: string;
  readonly to: string;
}

/** How the check digit of a number longer than its field was computed: both ways are in the field. */
export type LongNumberInput = 'excl-filler' | 'incl-filler';

/** Whether the composite check digit of a three-line Chinese card covers the renewal count: it holds under either rule. */
export type CompositeInput = 'excl-renewalCount' | 'incl-renewalCount';

/** Fields that only the Chinese cards have (GA/T 704); `null` where the card has no such field. */
export interface PermitFields {
  readonly renewalCount: string | null;
  /** `19` or `20`, from the century letter. */
  readonly birthCentury: string | null;
  /** Identity number of the holder's own region, e.g. an HKID without its parentheses. */
  readonly localNumber: string | null;
  readonly issuingAuthority: string | null;
  readonly placeOfBirth: string | null;
  /** How many Chinese characters, and how many letters of the Latin name, did not fit. */
  readonly nativeNameOverflow: number | null;
  readonly latinNameOverflow: number | null;
  readonly compositeInput: CompositeInput | null;
}

interface Outcome {
  readonly problems: readonly MrzProblem[];
  /** Changes that would make every check digit hold; a proposal, never applied to the fields. Empty when `repairTo` is null. */
  readonly repairs: readonly MrzRepair[];
  /** The repaired lines, to be read again by whoever accepts the repairs. */
  readonly repairTo: readonly string[] | null;
}

/**
 * What one document says. Trailing fillers are removed from the values; dates are as printed (with `<` for unknown
 * parts) and, resolved to a century, in `birth` and `expiry`.
 */
export interface MrzDocument extends Outcome {
  readonly format: MrzFormat;
  /** Character set, dates and every check digit. Tables of states and codes play no part. */
  readonly valid: boolean;
  readonly documentCode: string;
  readonly issuingState: string;
  readonly documentNumber: string;
  readonly nationality: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly expiryDate: string;
  readonly primaryIdentifier: string;
  readonly secondaryIdentifier: string;
  /** As printed: a number that is longer than its field begins here (TD1, TD2). */
  readonly optionalData: string;
  /** TD1 has a second optional field, in line 2; empty elsewhere. */
  readonly optionalData2: string;
  readonly nativeName: string | null;
  readonly birth: PartialDate | null;
  readonly expiry: CalendarDate | null;
  readonly longNumberInput: LongNumberInput | null;
  readonly permit: PermitFields | null;
  readonly checks: readonly MrzCheck[];
}

/** Text in which no known document can be seen. */
export interface UnrecognisedMrz extends Outcome {
  readonly format: null;
  readonly valid: false;
  readonly checks: readonly [];
}

export type MrzReading = MrzDocument | UnrecognisedMrz;
