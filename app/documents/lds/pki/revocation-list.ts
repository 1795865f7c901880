import { err, ok, type Result } from '../../../contract/result.ts';
import { MASTER_LIST_LIMITS } from '../ber-structure.ts';
import { findTlv, readTlv, readTlvs, type Tlv } from '../ber-tlv.ts';
import { decodeOidValue, equalBytes } from '../der.ts';
import { serialHex } from './certificate.ts';
import { type DistinguishedName, readName } from './name.ts';
import { readSigned } from './signed.ts';
import { readTime } from './time.ts';

export interface RevocationList {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly authorityKeyId: string | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** Serial numbers in lower-case hex without leading zeros. */
  readonly revoked: ReadonlySet<string>;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

export interface RevocationListError {
  readonly code: 'revocationListMalformed';
}

const malformed = err<RevocationListError>({ code: 'revocationListMalformed' });
const MAX_REVOKED = 500_000;
const AUTHORITY_KEY_ID = '2.5.29.35';

/** Reads a CertificateList (RFC 5280 §5.1). The signature is verified where the issuer's key is known, in chain.ts. */
export function readRevocationList(bytes: Uint8Array): Result<RevocationList, RevocationListError> {
  const signed = readSigned(bytes, MASTER_LIST_LIMITS);
  if (signed === null) return malformed;
  const { tbs, algorithm } = signed;
  const body = readTlvs(tbs.value);
  if (!body.ok) return malformed;
  const fields = body.value[0]?.tag === 0x02 ? body.value.slice(1) : body.value;
  const [inner, issuerPart, thisPart, ...rest] = fields;
  if (!inner || !equalBytes(inner.raw, algorithm.raw) || !issuerPart || !thisPart) return malformed;
  const issuer = readName(issuerPart.raw);
  const thisUpdate = readTime(thisPart);
  const nextPart = rest[0]?.tag === 0x17 || rest[0]?.tag === 0x18 ? rest[0] : null;
  const revoked = readRevoked(rest.find((part) => part.tag === 0x30));
  if (!issuer || !thisUpdate || !revoked) return malformed;
  return ok({
    der: signed.der,
    tbs: tbs.raw,
    issuer,
    authorityKeyId: readAuthorityKeyId(findTlv(rest, 0xa0)),
    thisUpdate,
    nextUpdate: nextPart ? readTime(nextPart) : null,
    revoked,
    signatureAlgorithm: algorithm.raw,
    signature: signed.signature,
  });
}

function readRevoked(list: Tlv | undefined): ReadonlySet<string> | null {
  const serials = new Set<string>();
  if (!list) return serials;
  const entries = readTlvs(list.value, MAX_REVOKED);
  if (!entries.ok) return null;
  for (const entry of entries.value) {
    const serial = readTlv(entry.value);
    if (!serial.ok || serial.value.tag !== 0x02) return null;
    serials.add(serialHex(serial.value.value));
  }
  return serials;
}

function readAuthorityKeyId(wrapped: Tlv | undefined): string | null {
  const outer = wrapped ? readTlv(wrapped.value) : null;
  const list = outer?.ok ? readTlvs(outer.value.value) : null;
  if (!list?.ok) return null;
  for (const extension of list.value) {
    const parts = readTlvs(extension.value);
    if (!parts.ok || !parts.value[0] || decodeOidValue(parts.value[0].value) !== AUTHORITY_KEY_ID) continue;
    const content = readTlv(parts.value[parts.value.length - 1]!.value);
    const members = content.ok ? readTlvs(content.value.value) : null;
    const id = members?.ok ? findTlv(members.value, 0x80) : undefined;
    return id ? Buffer.from(id.value).toString('hex') : null;
  }
  return null;
}
