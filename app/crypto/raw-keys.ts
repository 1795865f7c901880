import { createPublicKey, type KeyObject } from 'node:crypto';
import { sha256Hex } from './digest.ts';

/**
 * Raw 32-byte curve keys, base64url, to and from node:crypto's objects. SubjectPublicKeyInfo (RFC 8410 §4) of these
 * curves is a fixed 12-byte prefix before the key; going through it works alike on OpenSSL and on BoringSSL.
 */
const SPKI_PREFIX = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  x25519: Buffer.from('302a300506032b656e032100', 'hex'),
} as const;

export const RAW_KEY_BYTES = 32;
export type Curve = keyof typeof SPKI_PREFIX;

/** The raw public key of a private or public key, base64url. */
export function rawPublicKey(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-RAW_KEY_BYTES).toString('base64url');
}

/** Throws when `raw` is not 32 bytes of base64url. */
export function publicKeyFromRaw(curve: Curve, raw: string): KeyObject {
  const bytes = Buffer.from(raw, 'base64url');
  if (bytes.length !== RAW_KEY_BYTES) throw new TypeError(`a raw ${curve} key has ${RAW_KEY_BYTES} bytes`);
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX[curve], bytes]), format: 'der', type: 'spki' });
}

/** The short name of a key everywhere: the first 16 hex digits of the SHA-256 of the raw public key. */
export function keyIdOf(publicKeyRaw: string): string {
  return sha256Hex(Buffer.from(publicKeyRaw, 'base64url')).slice(0, 16);
}
