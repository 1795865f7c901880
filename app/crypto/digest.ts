import { createHash, createHmac } from 'node:crypto';

/** SHA-256, 64 lower-case hex digits. A string is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * HMAC-SHA-256 (RFC 2104) of several strings under a secret, 64 lower-case hex digits. The domain and every part are
 * preceded by their length in bytes (32 bits, big endian), so no two different lists of parts give the same input and
 * a digest made for one purpose is worthless for another.
 */
export function keyedHashHex(key: Uint8Array, domain: string, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of [domain, ...parts]) {
    const bytes = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest('hex');
}
