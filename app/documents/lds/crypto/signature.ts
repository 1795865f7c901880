import { err, ok, type Result } from '../../../contract/result.ts';
import { readTemplate, readTlv, readTlvs, type Tlv } from '../ber-tlv.ts';
import { decodeOidValue } from '../der.ts';
import { type HashName, hashByOid } from './digest.ts';
import { readDerSignature, verifyEcdsa } from './ecdsa.ts';
import type { PublicKey } from './public-key.ts';
import { type PssParameters, verifyPkcs1, verifyPss } from './rsa.ts';

export type SignatureScheme =
  /** `hash` is null where the identifier leaves it to the CMS digest algorithm (plain rsaEncryption). */
  | { readonly kind: 'pkcs1'; readonly hash: HashName | null }
  | { readonly kind: 'pss'; readonly pss: PssParameters }
  | { readonly kind: 'ecdsa'; readonly hash: HashName | null };

export interface SignatureError {
  readonly code:
    | 'signatureAlgorithmMalformed'
    | 'signatureAlgorithmUnknown'
    | 'signatureKeyMismatch'
    | 'signatureInvalid';
}

const PKCS1: Readonly<Record<string, HashName | null>> = {
  '1.2.840.113549.1.1.1': null,
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.2.840.113549.1.1.14': 'SHA-224',
  '1.2.840.113549.1.1.11': 'SHA-256',
  '1.2.840.113549.1.1.12': 'SHA-384',
  '1.2.840.113549.1.1.13': 'SHA-512',
};
const ECDSA: Readonly<Record<string, HashName | null>> = {
  '1.2.840.10045.2.1': null,
  '1.2.840.10045.4.1': 'SHA-1',
  '1.2.840.10045.4.3.1': 'SHA-224',
  '1.2.840.10045.4.3.2': 'SHA-256',
  '1.2.840.10045.4.3.3': 'SHA-384',
  '1.2.840.10045.4.3.4': 'SHA-512',
  // BSI TR-03111 §5.2.1.1 ecdsa-plain; certificates and EF.SOD of some states carry the name and DER content.
  '0.4.0.127.0.7.1.1.4.1.1': 'SHA-1',
  '0.4.0.127.0.7.1.1.4.1.2': 'SHA-224',
  '0.4.0.127.0.7.1.1.4.1.3': 'SHA-256',
  '0.4.0.127.0.7.1.1.4.1.4': 'SHA-384',
  '0.4.0.127.0.7.1.1.4.1.5': 'SHA-512',
};
const RSASSA_PSS = '1.2.840.113549.1.1.10';
/** ANSI X9.62: the parameters name the hash. */
const ECDSA_WITH_SPECIFIED = '1.2.840.10045.4.3';
const MGF1 = '1.2.840.113549.1.1.8';
const malformed = err<SignatureError>({ code: 'signatureAlgorithmMalformed' });

/** Reads an AlgorithmIdentifier of a signature (RFC 4055, RFC 5758). */
export function readSignatureScheme(algorithm: Uint8Array): Result<SignatureScheme, SignatureError> {
  const parts = readTemplate(algorithm, 0x30);
  if (!parts.ok) return malformed;
  const [oidPart, parameters] = parts.value;
  const oid = oidPart?.tag === 0x06 ? decodeOidValue(oidPart.value) : null;
  if (oid === null) return malformed;
  const pkcs1 = PKCS1[oid];
  if (pkcs1 !== undefined) return ok({ kind: 'pkcs1', hash: pkcs1 });
  const ecdsa = ECDSA[oid];
  if (ecdsa !== undefined) return ok({ kind: 'ecdsa', hash: ecdsa });
  if (oid === RSASSA_PSS) return readPss(parameters);
  if (oid === ECDSA_WITH_SPECIFIED) return ok({ kind: 'ecdsa', hash: parameters ? readHash(parameters) : null });
  return err({ code: 'signatureAlgorithmUnknown' });
}

/** RSASSA-PSS-params with its defaults: SHA-1, MGF1 with SHA-1, 20 bytes of salt (RFC 4055 §3.1). */
function readPss(parameters: Tlv | undefined): Result<SignatureScheme, SignatureError> {
  let hash: HashName | null = 'SHA-1';
  let maskHash: HashName | null = 'SHA-1';
  let saltLength = 20;
  if (parameters && parameters.tag !== 0x05) {
    const parts = parameters.tag === 0x30 ? readTlvs(parameters.value) : malformed;
    if (!parts.ok) return malformed;
    for (const part of parts.value) {
      const inner = readTlv(part.value);
      if (!inner.ok) return malformed;
      if (part.tag === 0xa0) hash = readHash(inner.value);
      else if (part.tag === 0xa1) maskHash = readMaskHash(inner.value);
      else if (part.tag === 0xa2 && inner.value.value.length <= 2) {
        saltLength = inner.value.value.reduce((sum, byte) => sum * 256 + byte, 0);
      }
    }
  }
  if (!hash || !maskHash) return err({ code: 'signatureAlgorithmUnknown' });
  return ok({ kind: 'pss', pss: { hash, maskHash, saltLength } });
}

function readMaskHash(algorithm: Tlv): HashName | null {
  const parts = readTlvs(algorithm.value);
  if (!parts.ok) return null;
  const [oid, inner] = parts.value;
  return oid && inner && decodeOidValue(oid.value) === MGF1 ? readHash(inner) : null;
}

function readHash(algorithm: Tlv): HashName | null {
  const parts = readTlvs(algorithm.value);
  const oid = parts.ok ? parts.value[0] : undefined;
  const dotted = oid?.tag === 0x06 ? decodeOidValue(oid.value) : null;
  return dotted === null ? null : hashByOid(dotted);
}

/** Hash of an AlgorithmIdentifier such as CMS digestAlgorithm; null where it is not SHA-1 or SHA-2. */
export function readHashAlgorithm(algorithm: Uint8Array): HashName | null {
  const outer = readTlv(algorithm);
  return outer.ok ? readHash(outer.value) : null;
}

/** Verifies a signature over `message`; `cmsHash` fills in where the scheme names no hash. */
export function verifySignature(
  scheme: SignatureScheme,
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
  cmsHash: HashName | null,
): Result<void, SignatureError> {
  const invalid = err<SignatureError>({ code: 'signatureInvalid' });
  if (scheme.kind === 'ecdsa') {
    const hash = scheme.hash ?? cmsHash;
    if (key.kind !== 'ec' || !hash) return err({ code: 'signatureKeyMismatch' });
    const read = readDerSignature(signature);
    return read && verifyEcdsa(key, hash, message, read) ? ok() : invalid;
  }
  if (key.kind !== 'rsa') return err({ code: 'signatureKeyMismatch' });
  if (scheme.kind === 'pss') return verifyPss(key, scheme.pss, message, signature) ? ok() : invalid;
  const hash = scheme.hash ?? cmsHash;
  if (!hash) return err({ code: 'signatureKeyMismatch' });
  return verifyPkcs1(key, hash, message, signature) ? ok() : invalid;
}
