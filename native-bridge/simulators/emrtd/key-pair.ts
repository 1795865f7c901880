import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { dhByStandardizedId } from '../../../app/documents/chip/dh-parameters.ts';
import { dhGroup } from '../../../app/documents/chip/key-agreement.ts';
import { type Curve, curveByName, scalarFromRandom } from '../../../app/documents/lds/crypto/curve.ts';
import type { CurveName } from '../../../app/documents/lds/crypto/curve-parameters.ts';
import type { HashName } from '../../../app/documents/lds/crypto/digest.ts';
import { encodeDerSignature, publicPoint, signEcdsa } from '../../../app/documents/lds/crypto/ecdsa.ts';
import {
  bigIntToBytes,
  derBitString,
  derInteger,
  derNull,
  derOctets,
  derOid,
  derSequence,
} from '../../../app/documents/lds/der.ts';

export type RandomBytes = (length: number) => Uint8Array;

/** A key of a test issuer or a simulated chip. Made at run time, never stored. */
export interface SigningKey {
  readonly subjectPublicKeyInfo: Uint8Array;
  /** AlgorithmIdentifier of its signatures. */
  readonly signatureAlgorithm: Uint8Array;
  readonly hash: HashName;
  sign(message: Uint8Array): Uint8Array;
}

const ECDSA_OIDS: Readonly<Record<HashName, string>> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-224': '1.2.840.10045.4.3.1',
  'SHA-256': '1.2.840.10045.4.3.2',
  'SHA-384': '1.2.840.10045.4.3.3',
  'SHA-512': '1.2.840.10045.4.3.4',
};
const RSA_OIDS: Readonly<Record<HashName, string>> = {
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-224': '1.2.840.113549.1.1.14',
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
};

export interface EcKeyPair extends SigningKey {
  readonly curve: Curve;
  readonly secret: bigint;
  readonly point: Uint8Array;
}

/** `explicit` writes the curve's parameters out, as several states do. */
export function ecKeyPair(name: CurveName, hash: HashName, random: RandomBytes, explicit = false): EcKeyPair {
  const curve = curveByName(name);
  const secret = scalarFromRandom(curve, random);
  const point = publicPoint(curve, secret);
  const parameters = explicit ? explicitParameters(curve) : derOid(curve.parameters.oid);
  return {
    curve,
    secret,
    point,
    hash,
    subjectPublicKeyInfo: derSequence(derSequence(derOid('1.2.840.10045.2.1'), parameters), derBitString(point)),
    signatureAlgorithm: derSequence(derOid(ECDSA_OIDS[hash])),
    sign: (message) => encodeDerSignature(signEcdsa(curve, secret, hash, message, scalarFromRandom(curve, random))),
  };
}

function explicitParameters(curve: Curve): Uint8Array {
  const { p, a, b, gx, gy, n } = curve.parameters;
  const field = (value: bigint) => bigIntToBytes(value, curve.fieldBytes);
  return derSequence(
    derInteger(1),
    derSequence(derOid('1.2.840.10045.1.1'), derInteger(p)),
    derSequence(derOctets(field(a)), derOctets(field(b))),
    derOctets(Buffer.concat([Uint8Array.of(4), field(gx), field(gy)])),
    derInteger(n),
    derInteger(1),
  );
}

export interface RsaKeyPair extends SigningKey {
  readonly modulus: bigint;
  readonly privateExponent: bigint;
}

/** `pss` signs with RSASSA-PSS, mask and salt of the same hash. */
export function rsaKeyPair(bits: number, hash: HashName, pss = false): RsaKeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const jwk = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })).export({ format: 'jwk' });
  const number = (text: string | undefined): bigint =>
    BigInt(`0x${Buffer.from(text ?? '', 'base64url').toString('hex')}`);
  const nodeHash = hash.replace('-', '').toLowerCase();
  const options = pss ? { key: privateKey, padding: 6, saltLength: -1 } : { key: privateKey, padding: 1 };
  return {
    hash,
    modulus: number(jwk.n),
    privateExponent: number(jwk.d),
    subjectPublicKeyInfo: new Uint8Array(spki),
    signatureAlgorithm: pss ? pssAlgorithm(hash) : derSequence(derOid(RSA_OIDS[hash]), derNull()),
    sign: (message) => new Uint8Array(sign(nodeHash, message, options)),
  };
}

const HASH_OIDS: Readonly<Record<HashName, readonly [oid: string, bytes: number]>> = {
  'SHA-1': ['1.3.14.3.2.26', 20],
  'SHA-224': ['2.16.840.1.101.3.4.2.4', 28],
  'SHA-256': ['2.16.840.1.101.3.4.2.1', 32],
  'SHA-384': ['2.16.840.1.101.3.4.2.2', 48],
  'SHA-512': ['2.16.840.1.101.3.4.2.3', 64],
};

export const hashAlgorithm = (hash: HashName): Uint8Array => derSequence(derOid(HASH_OIDS[hash][0]), derNull());

function pssAlgorithm(hash: HashName): Uint8Array {
  const tagged = (tag: number, content: Uint8Array) => Buffer.concat([Uint8Array.of(tag, content.length), content]);
  const mask = derSequence(derOid('1.2.840.113549.1.1.8'), hashAlgorithm(hash));
  return derSequence(
    derOid('1.2.840.113549.1.1.10'),
    derSequence(tagged(0xa0, hashAlgorithm(hash)), tagged(0xa1, mask), tagged(0xa2, derInteger(HASH_OIDS[hash][1]))),
  );
}

/** A static key for chip authentication over a MODP group. */
export interface DhKeyPair {
  readonly parameterId: number;
  readonly secret: bigint;
  readonly subjectPublicKeyInfo: Uint8Array;
}

/** `parameterId` 0 to 2 of ICAO 9303-11 §9.5.1; written as dhpublicnumber with its parameters (RFC 3279 §2.3.3). */
export function dhKeyPair(parameterId: number, random: RandomBytes): DhKeyPair {
  const domain = dhByStandardizedId(parameterId)!;
  const group = dhGroup(domain);
  const secret = group.randomScalar(random);
  const parameters = derSequence(derInteger(domain.p), derInteger(domain.g), derInteger(domain.q));
  const algorithm = derSequence(derOid('1.2.840.10046.2.1'), parameters);
  const publicKey = derInteger(group.power(group.generator, secret));
  return { parameterId, secret, subjectPublicKeyInfo: derSequence(algorithm, derBitString(publicKey)) };
}
