import type { PrepareRequest, SideDocument } from '../../contract/control-protocol.ts';
import { keyedHasher } from '../../crypto/digest.ts';
import { dateRange } from '../rules/calendar.ts';
import type { WatchStrength } from '../rules/facts.ts';
import { exactNameKey, fuzzyNameKeys } from '../rules/name-keys.ts';

/**
 * Keyed hashes under the side's own secret: the only form in which documents, names and holders reach its file. Without
 * the secret, nobody can tell from the file whom it is about, nor match it with the other side's.
 */
export interface Identity {
  document(issuingState: string, number: string): string;
  holder(holderId: string): string;
  /** Tells two requests for one record apart without keeping either. The schema has put their fields in order. */
  request(request: PrepareRequest): string;
  watch(strength: WatchStrength, parts: readonly string[]): string;
}

export function createIdentity(secret: Uint8Array): Identity {
  const hash = keyedHasher(secret);
  return {
    document: (issuingState, number) => hash('control document v1', [issuingState, number]),
    holder: (holderId) => hash('control holder v1', [holderId]),
    request: ({ document, consentGivenAt, evidence, release }) => {
      const asked = [document, consentGivenAt, evidence];
      return hash('control request v1', [JSON.stringify(release === undefined ? asked : [...asked, release])]);
    },
    watch: (strength, parts) => hash(`control watch ${strength} v1`, parts),
  };
}

/** A year that stands for "not known" in the hashes of watchlist names. */
const ANY_YEAR = '*';

export interface WatchedName {
  readonly name: string;
  /** Year of birth, also one year off; null when the entry gives none. */
  readonly birthYear: number | null;
}

export const watchedDocument = (identity: Identity, issuingState: string, number: string): string =>
  identity.watch('document', [issuingState, number]);

export const watchedPerson = (identity: Identity, name: string, birthDate: string): string =>
  identity.watch('person', [exactNameKey(name), birthDate]);

/** The hashes an entry is kept under: every key of the name with the year before, of and after. */
export function watchedNames(identity: Identity, { name, birthYear }: WatchedName): readonly string[] {
  const years = birthYear === null ? [ANY_YEAR] : [birthYear - 1, birthYear, birthYear + 1].map(String);
  return fuzzyNameKeys(name).flatMap((key) => years.map((year) => identity.watch('name', [key, year])));
}

/** The hashes under which a traveller would be found, with the strength each stands for. */
export function watchKeysOf(identity: Identity, document: SideDocument): readonly string[] {
  const { issuingState, number, name, birthDate } = document;
  const years = [birthYearOf(birthDate), ANY_YEAR].filter((year) => year !== null);
  return [
    watchedDocument(identity, issuingState, number),
    watchedPerson(identity, name, birthDate),
    ...fuzzyNameKeys(name).flatMap((key) => years.map((year) => identity.watch('name', [key, year]))),
  ];
}

function birthYearOf(birthDate: string): string | null {
  return dateRange(birthDate)?.first.slice(0, 4) ?? null;
}
