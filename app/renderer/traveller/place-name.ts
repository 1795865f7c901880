import type { TFunction } from 'i18next';

/** A side's name in the traveller's language; a code without a name is shown as it is, so that a new site can see what is missing. */
export function placeName(t: TFunction, code: string): string {
  return t(`places.${code}`, { defaultValue: code });
}
