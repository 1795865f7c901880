import { createHmac, createSecretKey, hash } from 'node:crypto';

/** SHA-256, 64 lower-case hex digits. A string is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/**
 * HMAC-SHA-256 (RFC 2104) of several strings under a secret, 64 lower-case hex digits. The domain and every part are
 * preceded by their length in bytes (32 bits, big endian), so no two different lists of parts give the same input and
 * a digest made for one purpose is worthless for another.
 */
export function keyedHashHex(key: Uint8Array, domain: string, parts: readonly string[]): string {
  return keyedHasher(key)(domain, parts);
}

/** The same for many hashes under one secret, which is taken in once: a decision makes some twenty of them. */
export function keyedHasher(key: Uint8Array): (domain: string, parts: readonly string[]) => string {
  // A copy: what the caller does with the bytes afterwards changes nothing here.
  const secret = createSecretKey(key);
  return (domain, parts) => {
    const all = [domain, ...parts];
    const input = Buffer.allocUnsafe(all.reduce((total, part) => total + 4 + Buffer.byteLength(part, 'utf8'), 0));
    let offset = 0;
    for (const part of all) {
      const bytes = input.write(part, offset + 4, 'utf8');
      offset = input.writeUInt32BE(bytes, offset) + bytes;
    }
    return createHmac('sha256', secret).update(input).digest('hex');
  };
}
