import { readTlv, readTlvs, type Tlv } from '../ber-tlv.ts';
import { decodeOidValue } from '../der.ts';

export interface CertificateExtensions {
  /** Lower-case hex. */
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly isCa: boolean;
  /** Null where the extension is absent. */
  readonly keyUsage: KeyUsage | null;
  /** Object identifiers; null where the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | null;
  /** Critical extensions that this code does not know: the certificate must not be relied upon (RFC 5280 §4.2). */
  readonly unknownCritical: readonly string[];
}

export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly certificateSign: boolean;
  readonly crlSign: boolean;
}

const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_ID = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
/** Known and without influence here: private-key period, alternative names, policies, CRL points, ICAO name change and document type. */
const HARMLESS = new Set([
  '2.5.29.16',
  '2.5.29.17',
  '2.5.29.18',
  '2.5.29.31',
  '2.5.29.32',
  '2.23.136.1.1.6.1',
  '2.23.136.1.1.6.2',
]);

const NONE: CertificateExtensions = {
  subjectKeyId: null,
  authorityKeyId: null,
  isCa: false,
  keyUsage: null,
  extendedKeyUsage: null,
  unknownCritical: [],
};

/** Reads the content of `[3]`; null where it is malformed. A certificate without extensions gets the defaults. */
export function readExtensions(wrapped: Uint8Array | null): CertificateExtensions | null {
  if (!wrapped) return NONE;
  const outer = readTlv(wrapped);
  if (!outer.ok || outer.value.tag !== 0x30) return null;
  const list = readTlvs(outer.value.value, 64);
  if (!list.ok) return null;
  let found: CertificateExtensions = NONE;
  for (const extension of list.value) {
    const parts = readTlvs(extension.value, 4);
    if (!parts.ok) return null;
    const oid = parts.value[0]?.tag === 0x06 ? decodeOidValue(parts.value[0].value) : null;
    const content = parts.value[parts.value.length - 1];
    if (oid === null || content?.tag !== 0x04) return null;
    const critical = parts.value[1]?.tag === 0x01 && parts.value[1].value[0] !== 0;
    const next = apply(found, oid, content.value, critical);
    if (!next) return null;
    found = next;
  }
  return found;
}

function apply(
  found: CertificateExtensions,
  oid: string,
  content: Uint8Array,
  critical: boolean,
): CertificateExtensions | null {
  const read = readTlv(content);
  const inner = read.ok ? read.value : null;
  switch (oid) {
    case SUBJECT_KEY_ID:
      return inner ? { ...found, subjectKeyId: hex(inner) } : null;
    case AUTHORITY_KEY_ID: {
      const parts = inner ? readTlvs(inner.value) : null;
      if (!parts?.ok) return null;
      const id = parts.value.find((part) => part.tag === 0x80);
      return { ...found, authorityKeyId: id ? hex(id) : null };
    }
    case BASIC_CONSTRAINTS: {
      const parts = inner ? readTlvs(inner.value) : null;
      return parts?.ok ? { ...found, isCa: parts.value[0]?.tag === 0x01 && parts.value[0].value[0] !== 0 } : null;
    }
    case KEY_USAGE: {
      if (inner?.tag !== 0x03 || inner.value.length < 2) return null;
      const bits = inner.value[1]!;
      const keyUsage = {
        digitalSignature: (bits & 0x80) !== 0,
        certificateSign: (bits & 0x04) !== 0,
        crlSign: (bits & 0x02) !== 0,
      };
      return { ...found, keyUsage };
    }
    case EXTENDED_KEY_USAGE: {
      const parts = inner ? readTlvs(inner.value, 32) : null;
      return parts?.ok ? { ...found, extendedKeyUsage: parts.value.map((p) => decodeOidValue(p.value) ?? '?') } : null;
    }
    default:
      return critical && !HARMLESS.has(oid) ? { ...found, unknownCritical: [...found.unknownCritical, oid] } : found;
  }
}

const hex = (part: Tlv): string => Buffer.from(part.value).toString('hex');
