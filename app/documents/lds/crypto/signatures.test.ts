import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ecKeyPair, rsaKeyPair } from '../../../../native-bridge/simulators/emrtd/key-pair.ts';
import { seededRandom } from '../../../../native-bridge/simulators/emrtd/specimen.ts';
import { derBitString, derInteger, derOctets, derOid, derSequence } from '../der.ts';
import { curveByName } from './curve.ts';
import { CURVES } from './curve-parameters.ts';
import type { HashName } from './digest.ts';
import { readDerSignature, verifyEcdsa, verifyEcdsaPortably } from './ecdsa.ts';
import { readPublicKey } from './public-key.ts';
import { verifyPss } from './rsa.ts';
import { readSignatureScheme, verifySignature } from './signature.ts';

const MESSAGE = new TextEncoder().encode('what the issuer signed');
const OTHER = new TextEncoder().encode('what the issuer did not sign');
const HASHES: readonly HashName[] = ['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'];

function check(key: ReturnType<typeof ecKeyPair> | ReturnType<typeof rsaKeyPair>) {
  const read = readPublicKey(key.subjectPublicKeyInfo);
  const scheme = readSignatureScheme(key.signatureAlgorithm);
  if (!read.ok || !scheme.ok) throw new Error('unreadable key or algorithm');
  const signature = key.sign(MESSAGE);
  return {
    right: verifySignature(scheme.value, read.value, MESSAGE, signature, null).ok,
    wrong: verifySignature(scheme.value, read.value, OTHER, signature, null).ok,
  };
}

describe('RSA', () => {
  const [first] = HASHES.map((hash) => rsaKeyPair(1024, hash));
  test.each(HASHES)('PKCS#1 v1.5 and PSS with %s', (hash) => {
    expect(check(rsaKeyPair(1024, hash))).toEqual({ right: true, wrong: false });
    // 1024 bits do not hold SHA-512 twice.
    expect(check(rsaKeyPair(1536, hash, true))).toEqual({ right: true, wrong: false });
  });

  test('PSS with a mask of another hash and a short salt, and a modulus of 8k+1 bits', () => {
    for (const modulusLength of [1024, 1025]) {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
      const read = readPublicKey(new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })));
      const signature = sign('sha256', MESSAGE, { key: privateKey, padding: 6, saltLength: 7 });
      if (!read.ok || read.value.kind !== 'rsa') throw new Error('unreadable key');
      const pss = { hash: 'SHA-256', maskHash: 'SHA-256', saltLength: 7 } as const;
      expect(verifyPss(read.value, pss, MESSAGE, signature)).toBe(true);
      expect(verifyPss(read.value, { ...pss, maskHash: 'SHA-1' }, MESSAGE, signature)).toBe(false);
      expect(verifyPss(read.value, { ...pss, saltLength: 8 }, MESSAGE, signature)).toBe(false);
    }
  });

  test('a signature that is no number below the modulus is wrong, not a crash', () => {
    const read = readPublicKey(first!.subjectPublicKeyInfo);
    const scheme = readSignatureScheme(first!.signatureAlgorithm);
    if (!read.ok || !scheme.ok) throw new Error('unreadable');
    for (const bad of [new Uint8Array(0), new Uint8Array(128).fill(0xff), new Uint8Array(4000)]) {
      expect(verifySignature(scheme.value, read.value, MESSAGE, bad, null)).toMatchObject({ ok: false });
    }
  });
});

describe('ECDSA', () => {
  test.each(CURVES.map(({ name }) => name))('%s: the runtime and the portable code agree', (name) => {
    const key = ecKeyPair(name, 'SHA-256', seededRandom(name));
    expect(check(key)).toEqual({ right: true, wrong: false });
    const read = readPublicKey(key.subjectPublicKeyInfo);
    if (!read.ok || read.value.kind !== 'ec') throw new Error('unreadable key');
    const signature = readDerSignature(key.sign(MESSAGE))!;
    for (const verify of [verifyEcdsa, verifyEcdsaPortably]) {
      expect(verify(read.value, 'SHA-256', MESSAGE, signature)).toBe(true);
      expect(verify(read.value, 'SHA-256', OTHER, signature)).toBe(false);
      expect(verify(read.value, 'SHA-256', MESSAGE, { ...signature, r: 0n })).toBe(false);
    }
  });

  test.each(HASHES)('%s, longer or shorter than the order', (hash) => {
    expect(check(ecKeyPair('brainpoolP224r1', hash, seededRandom(hash)))).toEqual({ right: true, wrong: false });
    expect(check(ecKeyPair('secp521r1', hash, seededRandom(hash)))).toEqual({ right: true, wrong: false });
  });

  test('explicit parameters of a known curve are that curve', () => {
    expect(check(ecKeyPair('brainpoolP256r1', 'SHA-256', seededRandom('explicit'), true))).toEqual({
      right: true,
      wrong: false,
    });
  });

  test('explicit parameters with another generator are refused (CVE-2020-0601)', () => {
    const { p, a, b, gx, n } = curveByName('secp256r1').parameters;
    const field = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
    const own = curveByName('secp256r1').group.BASE.multiply(5n);
    const parameters = derSequence(
      derInteger(1),
      derSequence(derOid('1.2.840.10045.1.1'), derInteger(p)),
      derSequence(derOctets(field(a)), derOctets(field(b))),
      derOctets(own.toBytes(false)),
      derInteger(n),
    );
    const spki = derSequence(derSequence(derOid('1.2.840.10045.2.1'), parameters), derBitString(own.toBytes(false)));
    expect(readPublicKey(spki)).toMatchObject({ ok: false, error: { code: 'curveUnknown' } });
    expect(gx).not.toBe(own.toAffine().x);
  });

  test('a point off the curve is no key', () => {
    const key = ecKeyPair('secp256r1', 'SHA-256', seededRandom('off'));
    const spki = Uint8Array.from(key.subjectPublicKeyInfo);
    spki[spki.length - 1]! ^= 1;
    expect(readPublicKey(spki)).toMatchObject({ ok: false, error: { code: 'publicKeyOutOfRange' } });
  });
});

test('unknown algorithms have a name of their own', () => {
  expect(readSignatureScheme(derSequence(derOid('1.2.3.4')))).toMatchObject({
    error: { code: 'signatureAlgorithmUnknown' },
  });
  const spki = derSequence(derSequence(derOid('1.2.3.4')), derBitString(Uint8Array.of(1)));
  expect(readPublicKey(spki)).toMatchObject({ error: { code: 'publicKeyAlgorithmUnknown' } });
});
