import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { keyIdOf, publicKeyFromRaw, rawPublicKey } from './raw-keys.ts';

/** An Ed25519 (RFC 8032) key that signs. The private half never leaves the closure but as PEM at creation. */
export interface SigningKey {
  readonly keyId: string;
  /** Raw public key, 32 bytes, base64url. */
  readonly publicKeyRaw: string;
  /** Signature, 64 bytes, base64url. */
  sign(data: Uint8Array): string;
}

/** A new key and its PKCS#8 PEM, which the caller must keep secret. */
export function createSigningKey(): { readonly key: SigningKey; readonly pem: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { key: signingKey(privateKey), pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** Throws when the PEM is no Ed25519 private key. */
export function loadSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 private key');
  return signingKey(privateKey);
}

function signingKey(privateKey: KeyObject): SigningKey {
  const publicKeyRaw = rawPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKeyRaw),
    publicKeyRaw,
    sign: (data) => sign(null, data, privateKey).toString('base64url'),
  };
}

/** True only for a good signature. Never throws: a key or signature that is no such thing is simply not valid. */
export function verifySignature(publicKeyRaw: string, data: Uint8Array, signature: string): boolean {
  try {
    return verify(null, data, publicKeyOf(publicKeyRaw), Buffer.from(signature, 'base64url'));
  } catch {
    // Garbage in the key or the signature: whoever sent it has not signed.
    return false;
  }
}

/** A lane meets a handful of keys again and again; parsing one costs as much as a third of a verification. */
const parsed = new Map<string, KeyObject>();
const MAX_PARSED = 64;

function publicKeyOf(raw: string): KeyObject {
  const known = parsed.get(raw);
  if (known !== undefined) return known;
  const key = publicKeyFromRaw('ed25519', raw);
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(raw, key);
  return key;
}
