import { err, ok, type Result } from '../../../contract/result.ts';
import { CMS_LIMITS } from '../ber-structure.ts';
import { readTemplate, readTlvs } from '../ber-tlv.ts';
import { digest } from '../crypto/digest.ts';
import { equalBytes } from '../der.ts';
import { type CertificateExtensions, readExtensions } from './extensions.ts';
import { type DistinguishedName, readName } from './name.ts';
import { readSigned } from './signed.ts';
import { readTime } from './time.ts';

/** The parts of an X.509 certificate that passive authentication decides on. */
export interface Certificate extends CertificateExtensions {
  readonly der: Uint8Array;
  /** What the issuer signed. */
  readonly tbs: Uint8Array;
  /** Lower-case hex, without leading zeros. */
  readonly serialNumber: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subjectPublicKeyInfo: Uint8Array;
  /** The AlgorithmIdentifier inside the signed part. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

export interface CertificateError {
  readonly code: 'certificateMalformed' | 'certificateTooLarge';
}

const MAX_CERTIFICATE_BYTES = 64 * 1024;
const malformed = err<CertificateError>({ code: 'certificateMalformed' });

/**
 * Reads an X.509 v1 to v3 certificate (RFC 5280 §4.1). Only the outline is read, from the signed bytes themselves, so that
 * a master list of 700 certificates is indexed in milliseconds and odd but harmless encodings stay readable.
 */
export function readCertificate(bytes: Uint8Array): Result<Certificate, CertificateError> {
  if (bytes.length > MAX_CERTIFICATE_BYTES) return err({ code: 'certificateTooLarge' });
  const signed = readSigned(bytes, CMS_LIMITS);
  if (signed === null) return malformed;
  const { tbs, algorithm } = signed;
  const body = readBody(tbs.value);
  if (!body) return malformed;
  // RFC 5280 §4.1.1.2 wants both the same. Some authorities write NULL parameters in one only: the names must agree, and the
  // one inside the signed part is used.
  if (!isSameAlgorithm(body.signatureAlgorithm, algorithm.raw)) return malformed;
  return ok({
    ...body,
    der: signed.der,
    tbs: tbs.raw,
    signature: signed.signature,
  });
}

type Body = Omit<Certificate, 'der' | 'tbs' | 'signature'>;

function isSameAlgorithm(a: Uint8Array, b: Uint8Array): boolean {
  const [first, second] = [readTemplate(a, 0x30), readTemplate(b, 0x30)];
  return first.ok && second.ok && equalBytes(first.value[0]?.raw ?? a, second.value[0]?.raw ?? b);
}

function readBody(tbs: Uint8Array): Body | null {
  const parts = readTlvs(tbs);
  if (!parts.ok) return null;
  const fields = parts.value[0]?.tag === 0xa0 ? parts.value.slice(1) : parts.value;
  const [serial, algorithm, issuerPart, validity, subjectPart, spki, ...rest] = fields;
  if (serial?.tag !== 0x02 || algorithm?.tag !== 0x30 || !issuerPart || validity?.tag !== 0x30) return null;
  if (!subjectPart || spki?.tag !== 0x30) return null;
  const issuer = readName(issuerPart.raw);
  const subject = readName(subjectPart.raw);
  const times = readTlvs(validity.value);
  const notBefore = times.ok && times.value[0] ? readTime(times.value[0]) : null;
  const notAfter = times.ok && times.value[1] ? readTime(times.value[1]) : null;
  const extensionPart = rest.find((part) => part.tag === 0xa3);
  const extensions = readExtensions(extensionPart?.value ?? null);
  if (!issuer || !subject || !notBefore || !notAfter || !extensions) return null;
  return {
    ...extensions,
    serialNumber: serialHex(serial.value),
    signatureAlgorithm: algorithm.raw,
    issuer,
    subject,
    notBefore,
    notAfter,
    subjectPublicKeyInfo: spki.raw,
  };
}

export function serialHex(value: Uint8Array): string {
  return Buffer.from(value)
    .toString('hex')
    .replace(/^(00)+(?=..)/, '');
}

export const isSelfIssued = (certificate: Certificate): boolean =>
  certificate.issuer.canonical === certificate.subject.canonical;

/** SHA-256 of the DER, lower-case hex: a certificate's name in stores, defect lists and diagnostics. */
export const fingerprint = (certificate: Certificate): string =>
  Buffer.from(digest('SHA-256', certificate.der)).toString('hex');

/** Key identifier as most issuers compute it: SHA-1 of the key bits (RFC 5280 §4.2.1.2 method 1). Null for a broken key. */
export function computedKeyId(certificate: Certificate): string | null {
  const parts = readTemplate(certificate.subjectPublicKeyInfo, 0x30);
  const bits = parts.ok ? parts.value[1] : undefined;
  return bits?.tag === 0x03 ? Buffer.from(digest('SHA-1', bits.value.subarray(1))).toString('hex') : null;
}
