import { encodeTlv } from '../../../app/documents/lds/ber-tlv.ts';
import { digest } from '../../../app/documents/lds/crypto/digest.ts';
import {
  derBitString,
  derInteger,
  derOctets,
  derOid,
  derSequence,
  derSet,
  derText,
} from '../../../app/documents/lds/der.ts';
import type { SigningKey } from './key-pair.ts';

export interface CertificateRequest {
  readonly serialNumber: number;
  readonly subject: Name;
  readonly issuer: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isAuthority: boolean;
  /** Object identifiers of a critical extended key usage; empty for none. */
  readonly extendedKeyUsage: readonly string[];
  readonly subjectKey: SigningKey;
  readonly issuerKey: SigningKey;
}

export interface Name {
  readonly country: string;
  readonly commonName: string;
}

const TRUE = Uint8Array.of(0x01, 0x01, 0xff);

export function writeName({ country, commonName }: Name): Uint8Array {
  const attribute = (oid: string, tag: number, text: string) => derSet(derSequence(derOid(oid), derText(tag, text)));
  return derSequence(attribute('2.5.4.6', 0x13, country), attribute('2.5.4.3', 0x0c, commonName));
}

/** Writes an X.509 v3 certificate (RFC 5280 §4.1) as ICAO 9303-12 §7.1 profiles it. */
export function writeCertificate(request: CertificateRequest): Uint8Array {
  const { issuerKey, subjectKey } = request;
  const tbs = derSequence(
    encodeTlv(0xa0, derInteger(2)),
    derInteger(request.serialNumber),
    issuerKey.signatureAlgorithm,
    writeName(request.issuer),
    derSequence(writeTime(request.notBefore), writeTime(request.notAfter)),
    writeName(request.subject),
    subjectKey.subjectPublicKeyInfo,
    encodeTlv(0xa3, derSequence(...writeExtensions(request))),
  );
  return derSequence(tbs, issuerKey.signatureAlgorithm, derBitString(issuerKey.sign(tbs)));
}

function writeExtensions(request: CertificateRequest): readonly Uint8Array[] {
  const extension = (oid: string, critical: boolean, content: Uint8Array) =>
    derSequence(derOid(oid), ...(critical ? [TRUE] : []), derOctets(content));
  const keyUsage = request.isAuthority ? Uint8Array.of(0x03, 0x02, 0x01, 0x06) : Uint8Array.of(0x03, 0x02, 0x07, 0x80);
  const list = [
    extension('2.5.29.15', true, keyUsage),
    extension('2.5.29.14', false, derOctets(keyId(request.subjectKey))),
    extension('2.5.29.35', false, derSequence(encodeTlv(0x80, keyId(request.issuerKey)))),
  ];
  if (request.isAuthority) list.push(extension('2.5.29.19', true, derSequence(TRUE, derInteger(0))));
  if (request.extendedKeyUsage.length > 0) {
    list.push(extension('2.5.29.37', true, derSequence(...request.extendedKeyUsage.map(derOid))));
  }
  return list;
}

/** SHA-1 of the whole key info: any value will do that both certificates share. */
export const keyId = (key: SigningKey): Uint8Array => digest('SHA-1', key.subjectPublicKeyInfo);

function writeTime(date: Date): Uint8Array {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? derText(0x17, digits.slice(2)) : derText(0x18, digits);
}

export interface RevocationRequest {
  readonly issuer: Name;
  readonly issuerKey: SigningKey;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly number[];
}

/** Writes a CertificateList, version 2 (RFC 5280 §5.1). */
export function writeRevocationList(request: RevocationRequest): Uint8Array {
  const entries = request.revoked.map((serial) => derSequence(derInteger(serial), writeTime(request.thisUpdate)));
  const tbs = derSequence(
    derInteger(1),
    request.issuerKey.signatureAlgorithm,
    writeName(request.issuer),
    writeTime(request.thisUpdate),
    writeTime(request.nextUpdate),
    ...(entries.length > 0 ? [derSequence(...entries)] : []),
  );
  return derSequence(tbs, request.issuerKey.signatureAlgorithm, derBitString(request.issuerKey.sign(tbs)));
}
