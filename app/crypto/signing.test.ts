import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSealingKey } from './sealing.ts';
import { createSigningKey, loadSigningKey, verifySignature } from './signing.ts';

/** RFC 8032 §7.1, test 2: secret key 4ccd...fb as PKCS#8 (RFC 8410 §7). */
const RFC_8032_TEST_2 = {
  pem: pemOf('302e020100300506032b657004220420' + '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
  publicKeyRaw: raw('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
  message: new Uint8Array([0x72]),
  signature: raw(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ),
};

test('RFC 8032 §7.1 test 2: public key, signature, verification', () => {
  const key = loadSigningKey(RFC_8032_TEST_2.pem);
  expect(key.publicKeyRaw).toBe(RFC_8032_TEST_2.publicKeyRaw);
  expect(key.sign(RFC_8032_TEST_2.message)).toBe(RFC_8032_TEST_2.signature);
  expect(verifySignature(key.publicKeyRaw, RFC_8032_TEST_2.message, RFC_8032_TEST_2.signature)).toBe(true);
});

test('a created key comes back from its PEM and names itself by its public half', () => {
  const { key, pem } = createSigningKey();
  const again = loadSigningKey(pem);
  expect(again.keyId).toBe(key.keyId);
  expect(key.keyId).toMatch(/^[0-9a-f]{16}$/);
  expect(again.sign(new Uint8Array([1]))).toBe(key.sign(new Uint8Array([1])));
  expect(createSigningKey().key.keyId).not.toBe(key.keyId);
});

test('one changed bit of data, signature or key does not verify', () => {
  const { key } = createSigningKey();
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      (data, at, bit) => {
        const signature = key.sign(data);
        const flip = (bytes: Uint8Array): Buffer => {
          const copy = Buffer.from(bytes);
          copy[at % copy.length]! ^= 1 << bit;
          return copy;
        };
        const flipRaw = (text: string): string => flip(Buffer.from(text, 'base64url')).toString('base64url');
        expect(verifySignature(key.publicKeyRaw, data, signature)).toBe(true);
        expect(verifySignature(key.publicKeyRaw, flip(data), signature)).toBe(false);
        expect(verifySignature(key.publicKeyRaw, data, flipRaw(signature))).toBe(false);
        expect(verifySignature(flipRaw(key.publicKeyRaw), data, signature)).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
});

test('garbage never throws and never verifies', () => {
  fc.assert(
    fc.property(fc.string(), fc.uint8Array(), fc.string(), (publicKey, data, signature) => {
      expect(verifySignature(publicKey, data, signature)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('a sealing key is no signing key', () => {
  expect(() => loadSigningKey(createSealingKey().pem)).toThrow(/Ed25519/);
});

function raw(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

function pemOf(hex: string): string {
  return `-----BEGIN PRIVATE KEY-----\n${Buffer.from(hex, 'hex').toString('base64')}\n-----END PRIVATE KEY-----\n`;
}
