import type { DocumentKind, SideDocument } from '../contract/control-protocol.ts';
import type { Check } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { Language } from '../contract/traveller-view.ts';
import type { AccessKey } from '../documents/chip/access-key.ts';
import { accessKeyFromMrz } from '../documents/chip/access-key-from-mrz.ts';
import { type CalendarDate, isoPartialDate } from '../documents/mrz/calendar-date.ts';
import { readMrz } from '../documents/mrz/read-mrz.ts';
import type { MrzDocument, MrzFormat, MrzReading } from '../documents/mrz/reading.ts';
import { splitMrzLines } from '../documents/mrz/split-lines.ts';
import { documentDigest, type EnrolledTraveller } from './enrolment-store.ts';

/** A document as it was presented, read and checked; the number stays in this object's memory only. */
export interface PresentedDocument {
  readonly digest: string;
  readonly kind: DocumentKind;
  readonly birthDate: string;
  readonly expiryDate: string;
  readonly checks: readonly Check[];
  readonly suggestedLanguage: Language | null;
  /** Opens the document's chip, and is what the chip is held against. */
  readonly printed: { readonly accessKey: AccessKey; readonly lines: readonly string[] };
}

/** Why a document was not accepted, without any of its text. */
export interface UnreadableDocument {
  readonly code: 'unreadable';
  readonly format: MrzFormat | null;
  readonly problems: readonly string[];
}

const KINDS: Readonly<Record<MrzFormat, DocumentKind>> = {
  TD1: 'identityCard',
  TD2: 'identityCard',
  TD3: 'passport',
  MRVA: 'passport',
  MRVB: 'passport',
  CS: 'exitEntryPermit',
  CD: 'exitEntryPermit',
  CR: 'homeReturnPermit',
  CT: 'taiwanResidentPermit',
  CF: 'homeReturnPermit',
};

const LANGUAGES_BY_ISSUER: Readonly<Record<string, Language>> = {
  CHN: 'zh-Hans',
  HKG: 'zh-Hant',
  MAC: 'zh-Hant',
  TWN: 'zh-Hant',
  PRT: 'pt',
  BRA: 'pt',
  AGO: 'pt',
  MOZ: 'pt',
};

/** Reads what a scanner sent. A misreading is repaired only where the repair is unique and every check digit then holds. */
export function acceptDocument(
  text: string,
  today: CalendarDate,
  portKey: Uint8Array,
): Result<PresentedDocument, UnreadableDocument> {
  const lines = splitMrzLines(text);
  const first = readMrz(lines, { today });
  const repaired = !first.valid && first.repairTo !== null;
  const reading = repaired ? readMrz(first.repairTo ?? [], { today }) : first;
  if (!isUsable(reading)) {
    return err({
      code: 'unreadable',
      format: first.format,
      problems: first.problems.map(({ code }) => code).slice(0, 8),
    });
  }
  const expired = isoDay(reading.expiry) < isoDay(today);
  const { issuingState, documentNumber } = reading;
  return ok({
    digest: documentDigest(portKey, { issuingState, number: documentNumber }),
    kind: KINDS[reading.format],
    birthDate: reading.birth === null ? '' : (isoPartialDate(reading.birth) ?? ''),
    expiryDate: isoDay(reading.expiry),
    checks: [
      { id: 'mrzCheckDigits', outcome: 'passed', reason: repaired ? 'repairedLookAlike' : null },
      { id: 'documentValidity', outcome: expired ? 'failed' : 'passed', reason: expired ? 'expired' : null },
    ],
    suggestedLanguage: LANGUAGES_BY_ISSUER[issuingState] ?? null,
    printed: { accessKey: accessKeyFromMrz(reading), lines: repaired ? (first.repairTo ?? []) : lines },
  });
}

type UsableDocument = MrzDocument & { readonly expiry: CalendarDate };

function isUsable(reading: MrzReading): reading is UsableDocument {
  return reading.valid && reading.format !== null && reading.expiry !== null && reading.documentNumber !== '';
}

function isoDay(date: CalendarDate): string {
  return isoPartialDate(date) ?? '';
}

export interface Objection {
  readonly code: 'consentMissing' | 'documentCheckFailed';
  readonly reason: string;
}

/** Why an enrolled profile does not carry the holder of this document through; null when it does. */
export function objectionTo(
  presented: PresentedDocument,
  { documentDigests, profile }: Pick<EnrolledTraveller, 'documentDigests' | 'profile'>,
): Objection | null {
  const side = (['exit', 'entry'] as const).find((each) => documentDigests[each] === presented.digest) ?? 'exit';
  if (!matchesEnrolled(presented, profile.documents[side]))
    return { code: 'documentCheckFailed', reason: 'documentDiffersFromProfile' };
  return profile.consentGivenAt === null ? { code: 'consentMissing', reason: 'consentMissing' } : null;
}

/** Whether the presented document is the enrolled one, beyond its number: a number alone is easily printed. */
function matchesEnrolled(presented: PresentedDocument, enrolled: SideDocument): boolean {
  return presented.birthDate === enrolled.birthDate && presented.expiryDate === enrolled.expiryDate;
}
