import { timingSafeEqual } from 'node:crypto';
import { type CipherName, encryptCbc, encryptSingleDesCbc, padMethod2, ZERO_8, ZERO_16 } from './block-cipher.ts';

/**
 * Retail MAC: ISO/IEC 9797-1 MAC algorithm 3 with DES, padding method 2, 8 bytes. `message` is padded here.
 * Single DES over all blocks but the last, then two-key 3DES over the last: decrypt-and-encrypt falls out of EDE.
 */
export function retailMac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = padMethod2(message, 8);
  const split = padded.length - 8;
  const last = padded.slice(split);
  if (split > 0) {
    const chained = encryptSingleDesCbc(key.subarray(0, 8), padded.subarray(0, split));
    const before = chained.subarray(split - 8);
    for (let i = 0; i < 8; i++) last[i]! ^= before[i]!;
  }
  return encryptCbc('3DES', key, ZERO_8, last);
}

/** AES-CMAC (NIST SP 800-38B, RFC 4493) cut to `length` bytes. CMAC is not in BoringSSL; CBC is. */
export function aesCmac(
  cipher: Exclude<CipherName, '3DES'>,
  key: Uint8Array,
  message: Uint8Array,
  length = 8,
): Uint8Array {
  const subkey1 = double(encryptCbc(cipher, key, ZERO_16, ZERO_16));
  const isWhole = message.length > 0 && message.length % 16 === 0;
  const blocks = isWhole ? Uint8Array.from(message) : padMethod2(message, 16);
  const subkey = isWhole ? subkey1 : double(subkey1);
  const last = blocks.length - 16;
  for (let i = 0; i < 16; i++) blocks[last + i]! ^= subkey[i]!;
  return encryptCbc(cipher, key, ZERO_16, blocks).slice(last, last + length);
}

/** Doubling in GF(2^128). */
function double(block: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(16);
  for (let i = 0; i < 16; i++) doubled[i] = ((block[i]! << 1) | ((block[i + 1] ?? 0) >> 7)) & 0xff;
  if (block[0]! & 0x80) doubled[15]! ^= 0x87;
  return doubled;
}

/** Authentication token and BAC MAC: the cipher's MAC over a message that is not padded beforehand (ICAO 9303-11 §4.4.3.4). */
export function messageMac(cipher: CipherName, key: Uint8Array, message: Uint8Array): Uint8Array {
  return cipher === '3DES' ? retailMac(key, message) : aesCmac(cipher, key, message);
}

export function isSameMac(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
