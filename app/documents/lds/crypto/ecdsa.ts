import { createPublicKey, type KeyObject, verify as verifyNatively } from 'node:crypto';
import { readTemplate } from '../ber-tlv.ts';
import { bigIntToBytes, bytesToBigInt, derBitString, derInteger, derOid, derSequence } from '../der.ts';
import { type Curve, decodePoint, encodePoint } from './curve.ts';
import { digest, type HashName, nodeHashName } from './digest.ts';

export interface EcPublicKey {
  readonly kind: 'ec';
  readonly curve: Curve;
  /** `04 || x || y`, on the curve. */
  readonly point: Uint8Array;
}

export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

const ID_EC_PUBLIC_KEY = '1.2.840.10045.2.1';

/** `SEQUENCE { r, s }`; a few issuers forget the leading zero of an INTEGER, so both are read as unsigned. */
export function readDerSignature(bytes: Uint8Array): EcdsaSignature | null {
  const parts = readTemplate(bytes, 0x30);
  if (!parts.ok) return null;
  const [r, s] = parts.value;
  if (parts.value.length !== 2 || r?.tag !== 2 || s?.tag !== 2 || r.value.length > 80 || s.value.length > 80)
    return null;
  return { r: bytesToBigInt(r.value), s: bytesToBigInt(s.value) };
}

/** `r || s` in two equal halves (BSI TR-03111 §5.2.1), as active authentication answers. */
export function readPlainSignature(bytes: Uint8Array): EcdsaSignature | null {
  if (bytes.length === 0 || bytes.length % 2 === 1 || bytes.length > 160) return null;
  const half = bytes.length / 2;
  return { r: bytesToBigInt(bytes.subarray(0, half)), s: bytesToBigInt(bytes.subarray(half)) };
}

/**
 * Verifies ECDSA. The runtime's own curve code is asked first because it is ten times as fast; where the runtime does not
 * know the curve (brainpool on BoringSSL, a small curve on a hardened OpenSSL), the portable arithmetic decides.
 */
export function verifyEcdsa(key: EcPublicKey, hash: HashName, message: Uint8Array, signature: EcdsaSignature): boolean {
  const { n } = key.curve.parameters;
  if (signature.r <= 0n || signature.s <= 0n || signature.r >= n || signature.s >= n) return false;
  const native = nativeKey(key);
  if (native) {
    const { orderBytes } = key.curve;
    const plain = Buffer.concat([bigIntToBytes(signature.r, orderBytes), bigIntToBytes(signature.s, orderBytes)]);
    return verifyNatively(nodeHashName(hash), message, { key: native, dsaEncoding: 'ieee-p1363' }, plain);
  }
  return verifyEcdsaPortably(key, hash, message, signature);
}

function nativeKey(key: EcPublicKey): KeyObject | null {
  const algorithm = derSequence(derOid(ID_EC_PUBLIC_KEY), derOid(key.curve.parameters.oid));
  try {
    const der = Buffer.from(derSequence(algorithm, derBitString(key.point)));
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    // The runtime lacks the curve: not an error, the portable way follows.
    return null;
  }
}

/** SEC 1 §4.1.4 over @noble/curves. */
export function verifyEcdsaPortably(
  key: EcPublicKey,
  hash: HashName,
  message: Uint8Array,
  signature: EcdsaSignature,
): boolean {
  const { n } = key.curve.parameters;
  const point = decodePoint(key.curve, key.point);
  if (!point) return false;
  const { r, s } = signature;
  if (r <= 0n || s <= 0n || r >= n || s >= n) return false;
  const inverse = key.curve.group.Fn.inv(s);
  const u1 = (leftmost(digest(hash, message), n) * inverse) % n;
  const u2 = (r * inverse) % n;
  const sum = key.curve.group.BASE.mulAddUnsafe(u1, point, u2);
  return !sum.is0() && sum.toAffine().x % n === r;
}

/** Signs; for test issuers and simulated chips only (not constant in time). `nonce` must be fresh, from 1 to n-1. */
export function signEcdsa(
  curve: Curve,
  secret: bigint,
  hash: HashName,
  message: Uint8Array,
  nonce: bigint,
): EcdsaSignature {
  const { n } = curve.parameters;
  const r = curve.group.BASE.multiply(nonce).toAffine().x % n;
  const s = (curve.group.Fn.inv(nonce) * (leftmost(digest(hash, message), n) + r * secret)) % n;
  if (r === 0n || s === 0n) throw new RangeError('unusable nonce');
  return { r, s };
}

export const encodeDerSignature = ({ r, s }: EcdsaSignature): Uint8Array => derSequence(derInteger(r), derInteger(s));

export function publicPoint(curve: Curve, secret: bigint): Uint8Array {
  return encodePoint(curve.group.BASE.multiply(secret));
}

/** The leftmost bits of the hash, as many as the order has. */
function leftmost(hash: Uint8Array, order: bigint): bigint {
  const excess = hash.length * 8 - order.toString(2).length;
  const value = bytesToBigInt(hash);
  return (excess > 0 ? value >> BigInt(excess) : value) % order;
}
