import { ok, type Result } from '../../contract/result.ts';
import { CMS_LIMITS } from './ber-structure.ts';
import { findTlv, readTemplate, readTlvs, type Tlv } from './ber-tlv.ts';
import { type HashName, hashByOid, hashOid } from './crypto/digest.ts';
import { decodeOidValue, derInteger, derNull, derOctets, derOid, derSequence } from './der.ts';
import { type DataGroupNumber, isDataGroupNumber } from './files.ts';
import { type LdsError, ldsError } from './lds-error.ts';
import { openOuter } from './open-file.ts';
import { type CmsError, readSignedData, type SignedData } from './pki/signed-data.ts';

/** LDSSecurityObject (ICAO 9303-10 §4.6.2.2): the signed list of data-group hashes. */
export interface SecurityObject {
  readonly version: 0 | 1;
  readonly hash: HashName;
  readonly hashes: ReadonlyMap<DataGroupNumber, Uint8Array>;
  /** Version 1 only. */
  readonly ldsVersion: string | null;
}

export interface EfSod {
  readonly signedData: SignedData;
  readonly securityObject: SecurityObject;
}

export const LDS_SECURITY_OBJECT_OID = '2.23.136.1.1.1';

/** Reads EF.SOD: tag 77 around a CMS SignedData around the security object. Verifies nothing yet. */
export function readEfSod(file: Uint8Array): Result<EfSod, LdsError | CmsError> {
  const outer = openOuter('SOD', file);
  if (!outer.ok) return outer;
  const signedData = readSignedData(outer.value.value, CMS_LIMITS);
  if (!signedData.ok) return signedData;
  const securityObject = readSecurityObject(signedData.value.content);
  return securityObject.ok
    ? ok({ signedData: signedData.value, securityObject: securityObject.value })
    : securityObject;
}

export function readSecurityObject(content: Uint8Array): Result<SecurityObject, LdsError> {
  const malformed = ldsError('SOD', 'ldsFieldMalformed');
  const parts = readTemplate(content, 0x30);
  if (!parts.ok) return malformed;
  const [versionPart, algorithm, list, versionInfo] = parts.value;
  if (versionPart?.tag !== 0x02 || algorithm?.tag !== 0x30 || list?.tag !== 0x30) return malformed;
  const version = versionPart.value[0];
  if (versionPart.value.length !== 1 || (version !== 0 && version !== 1)) return ldsError('SOD', 'ldsVersionUnknown');
  const hash = readHash(algorithm);
  const hashes = readHashes(list);
  if (!hash || !hashes) return malformed;
  return ok({ version, hash, hashes, ldsVersion: readLdsVersion(versionInfo) });
}

function readHash(algorithm: Tlv): HashName | null {
  const parts = readTlvs(algorithm.value);
  const oid = parts.ok ? findTlv(parts.value, 0x06) : undefined;
  const dotted = oid ? decodeOidValue(oid.value) : null;
  return dotted === null ? null : hashByOid(dotted);
}

function readHashes(list: Tlv): ReadonlyMap<DataGroupNumber, Uint8Array> | null {
  const entries = readTlvs(list.value, 32);
  if (!entries.ok) return null;
  const hashes = new Map<DataGroupNumber, Uint8Array>();
  for (const entry of entries.value) {
    const members = readTlvs(entry.value);
    const [number, value] = members.ok ? members.value : [];
    const group = number?.tag === 0x02 && number.value.length === 1 ? number.value[0]! : 0;
    // Two hashes for one data group would let a reader choose: refused.
    if (value?.tag !== 0x04 || !isDataGroupNumber(group) || hashes.has(group)) return null;
    hashes.set(group, value.value);
  }
  return hashes;
}

function readLdsVersion(info: Tlv | undefined): string | null {
  const parts = info ? readTlvs(info.value) : null;
  const text = parts?.ok && parts.value[0] ? Buffer.from(parts.value[0].value.subarray(0, 8)).toString('latin1') : '';
  return /^\d{4}$/.test(text) ? `${Number(text.slice(0, 2))}.${Number(text.slice(2))}` : null;
}

/** Writes a version 0 security object; for issuers of test documents. */
export function writeSecurityObject(hash: HashName, hashes: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const entries = [...hashes].map(([number, value]) => derSequence(derInteger(number), derOctets(value)));
  return derSequence(derInteger(0), derSequence(derOid(hashOid(hash)), derNull()), derSequence(...entries));
}
