import { createCipheriv, createDecipheriv, createPrivateKey, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Texts that lie where others may read or write: only who has the key opens them, and only where they were put. */
export interface SecretBox {
  /** base64url of nonce, ciphertext and tag. `context` says where it lies, and must be the same to open it. */
  close(text: string, context: string): string;
  /** Null: another key, another place, or damaged. */
  open(box: string, context: string): string | null;
}

/** AES-256-GCM (NIST SP 800-38D) with random nonces. Throws when the key has not 32 bytes. */
export function openSecretBox(key: Uint8Array): SecretBox {
  if (key.byteLength !== KEY_BYTES) throw new RangeError('a secret box has a key of 32 bytes');
  return {
    close: (text, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open: (box, context) => {
      const bytes = Buffer.from(box, 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        // The tag does not fit: nothing of it is believed.
        return null;
      }
    },
  };
}

/**
 * A key for another purpose from an Ed25519 private key (PKCS#8 PEM): HKDF-SHA256 (RFC 5869) over its seed. Whoever has one has
 * the other; from the derived key nobody comes back. Throws when the PEM is no such key.
 */
export function secretFromSigningKey(pem: string, purpose: string): Uint8Array {
  const { d } = createPrivateKey(pem).export({ format: 'jwk' });
  if (d === undefined) throw new TypeError('not a private key');
  return new Uint8Array(hkdfSync('sha256', Buffer.from(d, 'base64url'), new Uint8Array(0), purpose, KEY_BYTES));
}
