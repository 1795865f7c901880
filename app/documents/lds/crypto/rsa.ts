import { concatBytes } from '../ber-tlv.ts';
import { bigIntToBytes, bytesToBigInt, derNull, derOctets, derOid, derSequence, equalBytes } from '../der.ts';
import { digest, type HashName, hashBytes, hashOid } from './digest.ts';
import { modPow } from './mod-pow.ts';

export interface RsaPublicKey {
  readonly kind: 'rsa';
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** Above this a key is hostile rather than strong: the largest CSCA keys in the field have 6144 bits. */
const MAX_RSA_BITS = 8192;
const MIN_RSA_BITS = 512;

const bitLength = (value: bigint): number => value.toString(2).length;
export const rsaModulusBytes = (key: RsaPublicKey): number => Math.ceil(bitLength(key.modulus) / 8);

export function isSaneRsaKey(key: RsaPublicKey): boolean {
  const bits = bitLength(key.modulus);
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS && key.exponent >= 3n && bitLength(key.exponent) <= 64;
}

/**
 * The public RSA operation, as long as the modulus; null where the signature is no number below the modulus.
 * Plain BigInt: only public values are involved, and the answer is the same on OpenSSL and BoringSSL, which differ in
 * the PSS parameters and exponents they take.
 */
export function rsaPublic(key: RsaPublicKey, signature: Uint8Array): Uint8Array | null {
  const length = rsaModulusBytes(key);
  if (signature.length > length + 1) return null;
  const value = bytesToBigInt(signature);
  if (value >= key.modulus) return null;
  return bigIntToBytes(modPow(value, key.exponent, key.modulus), length);
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2), by building what must be there; parameters NULL or absent are both in the field. */
export function verifyPkcs1(key: RsaPublicKey, hash: HashName, message: Uint8Array, signature: Uint8Array): boolean {
  const opened = rsaPublic(key, signature);
  if (!opened) return false;
  const hashed = derOctets(digest(hash, message));
  return [derSequence(derOid(hashOid(hash)), derNull()), derSequence(derOid(hashOid(hash)))].some((algorithm) => {
    const info = derSequence(algorithm, hashed);
    const padding = opened.length - info.length - 3;
    if (padding < 8) return false;
    const wanted = concatBytes(Uint8Array.of(0, 1), new Uint8Array(padding).fill(0xff), Uint8Array.of(0), info);
    return equalBytes(wanted, opened);
  });
}

export interface PssParameters {
  readonly hash: HashName;
  readonly maskHash: HashName;
  readonly saltLength: number;
}

/** EMSA-PSS-VERIFY (RFC 8017 §9.1.2) with any pair of hashes. */
export function verifyPss(key: RsaPublicKey, pss: PssParameters, message: Uint8Array, signature: Uint8Array): boolean {
  const opened = rsaPublic(key, signature);
  if (!opened) return false;
  const encodedBits = bitLength(key.modulus) - 1;
  const length = Math.ceil(encodedBits / 8);
  // With a modulus of 8k+1 bits the encoded message is one byte shorter than the modulus.
  const encoded = opened.subarray(opened.length - length);
  if (opened.length > length && opened[0] !== 0) return false;
  const hashLength = hashBytes(pss.hash);
  if (length < hashLength + pss.saltLength + 2 || encoded[length - 1] !== 0xbc) return false;
  const maskedLength = length - hashLength - 1;
  const block = mask(encoded.subarray(0, maskedLength), encoded.subarray(maskedLength, length - 1), pss.maskHash);
  const spareBits = 8 * length - encodedBits;
  if (encoded[0]! >> (8 - spareBits) !== 0) return false;
  block[0]! &= 0xff >> spareBits;
  const separator = maskedLength - pss.saltLength - 1;
  for (let i = 0; i < separator; i++) if (block[i] !== 0) return false;
  if (block[separator] !== 1) return false;
  const salt = block.subarray(separator + 1);
  const expected = digest(pss.hash, new Uint8Array(8), digest(pss.hash, message), salt);
  return equalBytes(expected, encoded.subarray(maskedLength, length - 1));
}

/** XORs MGF1(seed) over `block` (RFC 8017 §B.2.1). */
function mask(block: Uint8Array, seed: Uint8Array, hash: HashName): Uint8Array {
  const masked = Uint8Array.from(block);
  for (let at = 0, counter = 0; at < masked.length; counter++) {
    const stream = digest(hash, seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff));
    for (let i = 0; i < stream.length && at < masked.length; i++, at++) masked[at]! ^= stream[i]!;
  }
  return masked;
}
