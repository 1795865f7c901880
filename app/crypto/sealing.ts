import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Sealed } from '../contract/control-protocol.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { keyIdOf, publicKeyFromRaw, RAW_KEY_BYTES, rawPublicKey } from './raw-keys.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Names this construction inside the key derivation, so that its keys fit nothing else. */
const LABEL = 'jointgate sealed v1';

/** An X25519 (RFC 7748) key that opens what was sealed to it. */
export interface SealingKey {
  readonly keyId: string;
  /** Raw public key, 32 bytes, base64url. */
  readonly publicKeyRaw: string;
  /** Shared secret with an ephemeral public key; throws on a point that is none. */
  agree(ephemeralRaw: string): Uint8Array;
}

export type OpenSealedError = { readonly code: 'undecipherable' | 'notOurs' };

/** A new key and its PKCS#8 PEM, which the caller must keep secret. */
export function createSealingKey(): { readonly key: SealingKey; readonly pem: string } {
  const { privateKey } = generateKeyPairSync('x25519');
  return { key: sealingKey(privateKey), pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

/** Throws when the PEM is no X25519 private key. */
export function loadSealingKey(pem: string): SealingKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'x25519') throw new TypeError('not an X25519 private key');
  return sealingKey(privateKey);
}

function sealingKey(privateKey: KeyObject): SealingKey {
  const publicKeyRaw = rawPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKeyRaw),
    publicKeyRaw,
    agree: (ephemeralRaw) => diffieHellman({ privateKey, publicKey: publicKeyFromRaw('x25519', ephemeralRaw) }),
  };
}

/**
 * Seals to a public key: a fresh X25519 key each time, HKDF-SHA-256 (RFC 5869) over the shared secret with both public
 * keys as salt, AES-256-GCM with `context` as additional data. What was sealed for one context (a record, a side) does
 * not open in another.
 */
export function seal(publicKeyRaw: string, keyId: string, plaintext: Uint8Array, context: string): Sealed {
  return openSealer(publicKeyRaw, keyId).seal(plaintext, context);
}

/** For what is sealed to one recipient in one go: one ephemeral key for all of it, and a nonce for each. */
export interface Sealer {
  seal(plaintext: Uint8Array, context: string): Sealed;
  /** Forgets the key: from here on nobody but the recipient can open what was sealed. To be called at the end of each go. */
  renew(): void;
}

/** Boxes under one ephemeral key; random nonces of 96 bits are good for 2^32 (NIST SP 800-38D §8.3). */
const MAX_BOXES = 256;

export function openSealer(publicKeyRaw: string, keyId: string): Sealer {
  let sender: { readonly ephemeral: string; readonly secret: KeyObject } | null = null;
  let boxes = 0;
  const present = (): NonNullable<typeof sender> => {
    if (sender !== null && boxes < MAX_BOXES) return sender;
    // The public half comes as the bytes that are sent: making a key object of it only to take it apart again costs as much.
    const { privateKey, publicKey } = newEphemeral();
    const ephemeral = publicKey.subarray(-RAW_KEY_BYTES).toString('base64url');
    const shared = diffieHellman({ privateKey, publicKey: recipientOf(publicKeyRaw) });
    sender = { ephemeral, secret: createSecretKey(contentKey(shared, ephemeral, publicKeyRaw)) };
    boxes = 0;
    return sender;
  };
  return {
    seal: (plaintext, context) => {
      const { ephemeral, secret } = present();
      boxes += 1;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context, 'utf8'));
      const box = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      return { keyId, ephemeral, nonce: nonce.toString('base64url'), box: box.toString('base64url') };
    },
    renew: () => {
      sender = null;
    },
  };
}

function newEphemeral(): { readonly privateKey: KeyObject; readonly publicKey: Buffer } {
  // Node gives what is not to be encoded as a key object; its types know only both or neither.
  const encoding = { publicKeyEncoding: { type: 'spki', format: 'der' } } as unknown as undefined;
  return generateKeyPairSync('x25519', encoding) as unknown as { privateKey: KeyObject; publicKey: Buffer };
}

/** A lane seals to a handful of recipients again and again. The ephemeral key is new each time. */
const recipients = new Map<string, KeyObject>();
const MAX_RECIPIENTS = 64;

function recipientOf(raw: string): KeyObject {
  const known = recipients.get(raw);
  if (known !== undefined) return known;
  const key = publicKeyFromRaw('x25519', raw);
  if (recipients.size >= MAX_RECIPIENTS) recipients.clear();
  recipients.set(raw, key);
  return key;
}

/** `notOurs`: sealed to another key. `undecipherable`: altered, another context, or no sealed thing at all. */
export function openSealed(key: SealingKey, sealed: Sealed, context: string): Result<Uint8Array, OpenSealedError> {
  if (sealed.keyId !== key.keyId) return err({ code: 'notOurs' });
  try {
    const nonce = Buffer.from(sealed.nonce, 'base64url');
    const box = Buffer.from(sealed.box, 'base64url');
    if (nonce.length !== NONCE_BYTES || box.length < TAG_BYTES) return err({ code: 'undecipherable' });
    const secret = contentKey(key.agree(sealed.ephemeral), sealed.ephemeral, key.publicKeyRaw);
    const decipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(box.subarray(-TAG_BYTES));
    return ok(Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()]));
  } catch {
    // A wrong tag and a low-order point both throw; the caller can do nothing different about either.
    return err({ code: 'undecipherable' });
  }
}

function contentKey(shared: Uint8Array, ephemeralRaw: string, recipientRaw: string): Uint8Array {
  const salt = Buffer.concat([Buffer.from(ephemeralRaw, 'base64url'), Buffer.from(recipientRaw, 'base64url')]);
  return new Uint8Array(hkdfSync('sha256', shared, salt, LABEL, RAW_KEY_BYTES));
}
