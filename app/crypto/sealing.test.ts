import { createDecipheriv, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../contract/result.ts';
import { publicKeyFromRaw } from './raw-keys.ts';
import { createSealingKey, loadSealingKey, openSealed, openSealer, seal } from './sealing.ts';
import { createSigningKey } from './signing.ts';

const { key, pem } = createSealingKey();
const secret = Buffer.from('the reason nobody else may read');

test('what was sealed opens with the key of its PEM, in its context only', () => {
  const sealed = seal(key.publicKeyRaw, key.keyId, secret, 'record 1 exit');
  expect(Buffer.from(unwrap(openSealed(loadSealingKey(pem), sealed, 'record 1 exit')))).toEqual(secret);
  expect(openSealed(key, sealed, 'record 2 exit')).toEqual({ ok: false, error: { code: 'undecipherable' } });
});

test('no two seals of the same text look alike, and the text is not in them', () => {
  const first = seal(key.publicKeyRaw, key.keyId, secret, 'c');
  const second = seal(key.publicKeyRaw, key.keyId, secret, 'c');
  expect(first.box).not.toBe(second.box);
  expect(first.ephemeral).not.toBe(second.ephemeral);
  expect(Buffer.from(first.box, 'base64url').includes(secret)).toBe(false);
});

test('another key is told apart from a broken box', () => {
  const other = createSealingKey().key;
  const sealed = seal(key.publicKeyRaw, key.keyId, secret, 'c');
  expect(openSealed(other, sealed, 'c')).toEqual({ ok: false, error: { code: 'notOurs' } });
  expect(openSealed(other, { ...sealed, keyId: other.keyId }, 'c')).toEqual({
    ok: false,
    error: { code: 'undecipherable' },
  });
});

test('any changed bit and any garbage is undecipherable, and nothing throws', () => {
  const sealed = seal(key.publicKeyRaw, key.keyId, secret, 'c');
  fc.assert(
    fc.property(
      fc.constantFrom('ephemeral', 'nonce', 'box'),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      (part, at, bit) => {
        const bytes = Buffer.from(sealed[part], 'base64url');
        // X25519 ignores the top bit of the last byte of a point (RFC 7748 §5), so that flip changes only the salt.
        bytes[at % bytes.length]! ^= 1 << bit;
        const result = openSealed(key, { ...sealed, [part]: bytes.toString('base64url') }, 'c');
        expect(result).toEqual({ ok: false, error: { code: 'undecipherable' } });
      },
    ),
    { numRuns: 150 },
  );
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (ephemeral, nonce, box) => {
      expect(openSealed(key, { keyId: key.keyId, ephemeral, nonce, box }, 'c').ok).toBe(false);
    }),
    { numRuns: 100 },
  );
});

test('what is sealed in one go shares an ephemeral key and nothing else; the next go has another one', () => {
  const sealer = openSealer(key.publicKeyRaw, key.keyId);
  const first = sealer.seal(secret, 'record 1');
  const second = sealer.seal(secret, 'record 2');
  expect(second.ephemeral).toBe(first.ephemeral);
  expect(second.nonce).not.toBe(first.nonce);
  expect(second.box).not.toBe(first.box);
  expect(Buffer.from(unwrap(openSealed(key, second, 'record 2')))).toEqual(secret);
  expect(openSealed(key, { ...second, nonce: first.nonce }, 'record 2').ok).toBe(false);
  expect(openSealed(key, second, 'record 1').ok).toBe(false);
  sealer.renew();
  const third = sealer.seal(secret, 'record 3');
  expect(third.ephemeral).not.toBe(first.ephemeral);
  expect(Buffer.from(unwrap(openSealed(key, third, 'record 3')))).toEqual(secret);
});

test('a low-order ephemeral point is refused (RFC 7748 §6.1)', () => {
  const sealed = seal(key.publicKeyRaw, key.keyId, secret, 'c');
  const zero = Buffer.alloc(32).toString('base64url');
  expect(openSealed(key, { ...sealed, ephemeral: zero }, 'c').ok).toBe(false);
});

test('the construction is X25519, HKDF-SHA-256 and AES-256-GCM, recomputed here step by step', () => {
  const sealed = seal(key.publicKeyRaw, key.keyId, secret, 'c');
  const shared = key.agree(sealed.ephemeral);
  const salt = Buffer.from(sealed.ephemeral, 'base64url');
  const extracted = createHmac('sha256', Buffer.concat([salt, Buffer.from(key.publicKeyRaw, 'base64url')]))
    .update(shared)
    .digest();
  const contentKey = createHmac('sha256', extracted)
    .update('jointgate sealed v1')
    .update(Buffer.from([1]))
    .digest();
  const box = Buffer.from(sealed.box, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', contentKey, Buffer.from(sealed.nonce, 'base64url'));
  decipher.setAAD(Buffer.from('c')).setAuthTag(box.subarray(-16));
  expect(Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()])).toEqual(secret);
});

test('RFC 7748 §6.1: Alice and Bob reach the published shared secret', () => {
  const alice = loadSealingKey(pemOf('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
  const bobPublic = Buffer.from('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f', 'hex');
  expect(Buffer.from(alice.publicKeyRaw, 'base64url').toString('hex')).toBe(
    '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
  );
  expect(Buffer.from(alice.agree(bobPublic.toString('base64url'))).toString('hex')).toBe(
    '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
  );
  expect(() => publicKeyFromRaw('x25519', 'AAAA')).toThrow(TypeError);
});

test('a signing key is no sealing key', () => {
  expect(() => loadSealingKey(createSigningKey().pem)).toThrow(/X25519/);
});

function pemOf(hex: string): string {
  const der = Buffer.from(`302e020100300506032b656e04220420${hex}`, 'hex');
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}
