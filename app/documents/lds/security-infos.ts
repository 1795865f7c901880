import { ok, type Result } from '../../contract/result.ts';
import { readTlv, readTlvs, type Tlv } from './ber-tlv.ts';
import { decodeOidValue } from './der.ts';
import { type LdsError, ldsError } from './lds-error.ts';
import { openOuter } from './open-file.ts';

/** SecurityInfos of EF.CardAccess, EF.CardSecurity and EF.DG14 (ICAO 9303-11 §9.2), sorted by what they are for. */
export interface SecurityInfos {
  readonly pace: readonly PaceInfo[];
  readonly chipAuthentication: readonly ChipAuthenticationInfo[];
  readonly chipAuthenticationKeys: readonly ChipAuthenticationKeyInfo[];
  /** Hash for ECDSA active authentication, by its object identifier; null where DG14 does not say. */
  readonly activeAuthenticationAlgorithm: string | null;
  /** Object identifiers that are none of these, terminal authentication among them. */
  readonly others: readonly string[];
}

export interface PaceInfo {
  readonly oid: string;
  readonly version: number;
  /** Standardized domain parameter id; null where the chip left it out. */
  readonly parameterId: number | null;
}

export interface ChipAuthenticationInfo {
  readonly oid: string;
  readonly version: number;
  readonly keyId: number | null;
}

export interface ChipAuthenticationKeyInfo {
  /** id-PK-DH or id-PK-ECDH. */
  readonly oid: string;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly keyId: number | null;
}

const ID_PACE = '0.4.0.127.0.7.2.2.4.';
const ID_CA = '0.4.0.127.0.7.2.2.3.';
const ID_PK = '0.4.0.127.0.7.2.2.1.';
const ID_AA = '2.23.136.1.1.5';
const MAX_INFOS = 64;

/** Reads `SET OF SecurityInfo`; one that is odd is skipped, as the standard asks of readers that do not know it. */
export function readSecurityInfos(set: Uint8Array, file: string): Result<SecurityInfos, LdsError> {
  const outer = readTlv(set);
  if (!outer.ok) return ldsError(file, outer.error.code);
  if (outer.value.tag !== 0x31) return ldsError(file, 'ldsWrongTag');
  const entries = readTlvs(outer.value.value, MAX_INFOS);
  if (!entries.ok) return ldsError(file, entries.error.code);
  const pace: PaceInfo[] = [];
  const chipAuthentication: ChipAuthenticationInfo[] = [];
  const chipAuthenticationKeys: ChipAuthenticationKeyInfo[] = [];
  const others: string[] = [];
  let activeAuthenticationAlgorithm: string | null = null;
  for (const entry of entries.value) {
    const parts = readTlvs(entry.value, 4);
    const [oidPart, required, optional] = parts.ok ? parts.value : [];
    const oid = oidPart?.tag === 0x06 ? decodeOidValue(oidPart.value) : null;
    if (oid === null || !required) continue;
    const version = small(required);
    if (oid.startsWith(ID_PACE) && version !== null) pace.push({ oid, version, parameterId: small(optional) });
    else if (oid.startsWith(ID_CA) && version !== null)
      chipAuthentication.push({ oid, version, keyId: small(optional) });
    else if (oid.startsWith(ID_PK)) {
      chipAuthenticationKeys.push({ oid, subjectPublicKeyInfo: required.raw, keyId: small(optional) });
    } else if (oid === ID_AA && optional?.tag === 0x06) activeAuthenticationAlgorithm = decodeOidValue(optional.value);
    else others.push(oid);
  }
  return ok({ pace, chipAuthentication, chipAuthenticationKeys, activeAuthenticationAlgorithm, others });
}

/** Reads EF.DG14 (ICAO 9303-10 §4.7.14). */
export function readDg14(file: Uint8Array): Result<SecurityInfos, LdsError> {
  const outer = openOuter('DG14', file);
  return outer.ok ? readSecurityInfos(outer.value.value, 'DG14') : outer;
}

/** Reads EF.DG15 (ICAO 9303-10 §4.7.15): the SubjectPublicKeyInfo of the active authentication key. */
export function readDg15(file: Uint8Array): Result<Uint8Array, LdsError> {
  const outer = openOuter('DG15', file);
  if (!outer.ok) return outer;
  const spki = readTlv(outer.value.value);
  if (!spki.ok) return ldsError('DG15', spki.error.code);
  return spki.value.tag === 0x30 ? ok(spki.value.raw) : ldsError('DG15', 'ldsWrongTag');
}

function small(part: Tlv | undefined): number | null {
  if (part?.tag !== 0x02 || part.value.length === 0 || part.value.length > 3) return null;
  return part.value.reduce((sum, byte) => sum * 256 + byte, 0);
}
