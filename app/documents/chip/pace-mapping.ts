import { bytesToBigInt } from '../lds/der.ts';
import { type CipherName, encryptCbc, keyBytes, ZERO_8, ZERO_16 } from './crypto/block-cipher.ts';
import type { AgreementGroup } from './key-agreement.ts';

/** Generic mapping: s·G + H, with H the agreed secret of the mapping keys (ICAO 9303-11 §4.4.3.3.1). */
export function mapGenerically<E>(group: AgreementGroup<E>, nonce: Uint8Array, shared: E): E {
  return group.combine(group.power(group.generator, bytesToBigInt(nonce)), shared);
}

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const CONSTANTS_128 = [hex('a668892a7c41e3ca739f40b057d85904'), hex('a4e136ac725f738b01c1f60217c188ad')] as const;
const CONSTANTS_256 = [
  hex('d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676'),
  hex('54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517'),
] as const;

/** R(s,t) of the integrated mapping (§4.4.3.3.2): enough cipher blocks to cover the field and 64 bits more. */
export function pseudoRandom(
  cipher: CipherName,
  nonce: Uint8Array,
  terminalNonce: Uint8Array,
  fieldBits: number,
): Uint8Array {
  const [c0, c1] = keyBytes(cipher) === 16 ? CONSTANTS_128 : CONSTANTS_256;
  const encrypt = (key: Uint8Array, data: Uint8Array) =>
    encryptCbc(cipher, key.subarray(0, keyBytes(cipher)), cipher === '3DES' ? ZERO_8 : ZERO_16, data);
  const blocks = Math.ceil((fieldBits + 64) / (c1.length * 8));
  const output = new Uint8Array(blocks * c1.length);
  let key = encrypt(terminalNonce, nonce);
  for (let i = 0; i < blocks; i++) {
    output.set(encrypt(key, c1), i * c1.length);
    key = encrypt(key, c0);
  }
  return output;
}

/** Integrated mapping of both nonces to a generator; null where the group has no such mapping. */
export function mapIntegrated<E>(
  group: AgreementGroup<E>,
  cipher: CipherName,
  nonce: Uint8Array,
  terminalNonce: Uint8Array,
): E | null {
  const value = bytesToBigInt(pseudoRandom(cipher, nonce, terminalNonce, group.fieldBits)) % group.prime;
  return group.integratedMap(value);
}
