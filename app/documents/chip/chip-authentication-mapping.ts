import { bytesToBigInt, equalBytes } from '../lds/der.ts';
import type { AgreementGroup } from './key-agreement.ts';
import type { ChipAuthenticationData } from './pace.ts';

/**
 * The proof of chip-authentication mapping (ICAO 9303-11 §4.4.3.5.2): the chip's mapping key must be its static key times the
 * scalar it disclosed. `publicKey` comes from EF.CardSecurity and is worth what that file's signature is worth.
 */
export function chipDataMatches<E>(
  group: AgreementGroup<E>,
  data: ChipAuthenticationData<E>,
  publicKey: Uint8Array,
): boolean {
  const key = group.decode(publicKey);
  const scalar = bytesToBigInt(data.scalar);
  if (key === null || scalar % group.order === 0n) return false;
  return equalBytes(group.encode(group.power(key, scalar)), group.encode(data.mappingKey));
}
