import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concatBytes } from '../../lds/ber-tlv.ts';

/**
 * CBC without padding over the two block ciphers of Doc 9303. Only `des-ede3-cbc` and `aes-*-cbc` are used, the part that
 * OpenSSL 3 and BoringSSL share: single DES is EDE with one key three times, ECB is CBC of one block with a zero IV.
 */
export type CipherName = '3DES' | 'AES-128' | 'AES-192' | 'AES-256';

export const ZERO_8 = new Uint8Array(8);
export const ZERO_16 = new Uint8Array(16);

const NODE_NAMES: Readonly<Record<CipherName, string>> = {
  '3DES': 'des-ede3-cbc',
  'AES-128': 'aes-128-cbc',
  'AES-192': 'aes-192-cbc',
  'AES-256': 'aes-256-cbc',
};

export const blockBytes = (cipher: CipherName): 8 | 16 => (cipher === '3DES' ? 8 : 16);
/** Length of a session key as the KDF gives it: 3DES uses two keys, 16 bytes. */
export const keyBytes = (cipher: CipherName): number => (cipher === 'AES-192' ? 24 : cipher === 'AES-256' ? 32 : 16);

/** Two-key 3DES to the 24 bytes that EDE takes. */
function nodeKey(cipher: CipherName, key: Uint8Array): Uint8Array {
  return cipher === '3DES' && key.length === 16 ? concatBytes(key, key.subarray(0, 8)) : key;
}

/** `data` must be whole blocks. */
export function encryptCbc(cipher: CipherName, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const state = createCipheriv(NODE_NAMES[cipher], nodeKey(cipher, key), iv).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([state.update(data), state.final()]));
}

/** `data` must be whole blocks. */
export function decryptCbc(cipher: CipherName, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const state = createDecipheriv(NODE_NAMES[cipher], nodeKey(cipher, key), iv).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([state.update(data), state.final()]));
}

/** Single-DES CBC: EDE with the same key three times is one DES. */
export function encryptSingleDesCbc(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = createCipheriv('des-ede3-cbc', concatBytes(key, key, key), ZERO_8).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([state.update(data), state.final()]));
}

/** Padding method 2 (ISO/IEC 9797-1): 80, then zeros to a whole block. Always at least one byte. */
export function padMethod2(data: Uint8Array, block: number): Uint8Array {
  const padded = new Uint8Array(data.length + block - (data.length % block));
  padded.set(data);
  padded[data.length] = 0x80;
  return padded;
}

/** Removes padding method 2; null where it is not there. */
export function unpadMethod2(data: Uint8Array): Uint8Array | null {
  let end = data.length - 1;
  while (end >= 0 && data[end] === 0) end--;
  return end >= 0 && data[end] === 0x80 ? data.subarray(0, end) : null;
}
