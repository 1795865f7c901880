import { concatBytes } from '../../lds/ber-tlv.ts';
import { digest } from '../../lds/crypto/digest.ts';
import { type CipherName, keyBytes } from './block-cipher.ts';

/** Counter of the KDF: what the key is for (ICAO 9303-11 §9.7.1). */
export const KEY_PURPOSE = { encryption: 1, mac: 2, password: 3 } as const;

/** KDF(K, c): SHA-1 for 3DES and AES-128, SHA-256 for AES-192 and AES-256, cut to the key's length. */
export function deriveKey(secret: Uint8Array, purpose: 1 | 2 | 3, cipher: CipherName): Uint8Array {
  const hash = cipher === '3DES' || cipher === 'AES-128' ? 'SHA-1' : 'SHA-256';
  const key = digest(hash, concatBytes(secret, Uint8Array.of(0, 0, 0, purpose))).slice(0, keyBytes(cipher));
  return cipher === '3DES' ? withOddParity(key) : key;
}

/** DES ignores the lowest bit of each byte; the worked examples and some chips' tests show it adjusted. */
function withOddParity(key: Uint8Array): Uint8Array {
  return key.map((byte) => {
    let bits = byte >> 1;
    bits ^= bits >> 4;
    bits ^= bits >> 2;
    bits ^= bits >> 1;
    return (byte & 0xfe) | (~bits & 1);
  });
}
