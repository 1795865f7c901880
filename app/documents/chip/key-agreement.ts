import type { Curve, CurvePoint } from '../lds/crypto/curve.ts';
import { decodePoint, encodeCoordinate, encodePoint, scalarFromRandom } from '../lds/crypto/curve.ts';
import { modPow } from '../lds/crypto/mod-pow.ts';
import { bigIntToBytes, bytesToBigInt } from '../lds/der.ts';
import type { RandomBytes } from './bac.ts';
import type { DhParameters } from './dh-parameters.ts';

/**
 * A Diffie-Hellman group as PACE and chip authentication see it; `E` is a point or a residue. Curves and MODP groups differ only
 * here (ICAO 9303-11 §9.4.5, §9.6).
 */
export interface AgreementGroup<E> {
  /** Tag of a public key in the token and CA objects: 86 for a point, 84 for a residue. */
  readonly publicKeyTag: number;
  readonly generator: E;
  readonly order: bigint;
  randomScalar(random: RandomBytes): bigint;
  power(base: E, scalar: bigint): E;
  combine(a: E, b: E): E;
  isNeutral(element: E): boolean;
  encode(element: E): Uint8Array;
  /** Checks membership; null for anything that is no proper element. */
  decode(bytes: Uint8Array): E | null;
  /** What the KDF takes: the x-coordinate or the residue. */
  sharedSecret(element: E): Uint8Array;
  /** Integrated mapping of a pseudo-random number to a generator (§4.4.3.3.2), null where the group has none. */
  integratedMap(value: bigint): E | null;
  readonly fieldBits: number;
  readonly prime: bigint;
}

export function ecGroup(curve: Curve): AgreementGroup<CurvePoint> {
  const { p, n } = curve.parameters;
  return {
    publicKeyTag: 0x86,
    generator: curve.group.BASE,
    order: n,
    prime: p,
    fieldBits: p.toString(2).length,
    randomScalar: (random) => scalarFromRandom(curve, random),
    // noble refuses a zero scalar; a hostile nonce may be one, and the neutral element is refused by the caller.
    power: (base, scalar) => (scalar % n === 0n ? curve.group.ZERO : base.multiply(scalar % n)),
    combine: (a, b) => a.add(b),
    isNeutral: (point) => point.is0(),
    encode: encodePoint,
    decode: (bytes) => decodePoint(curve, bytes),
    sharedSecret: (point) => encodeCoordinate(curve, point.toAffine().x),
    integratedMap: (value) => mapToCurve(curve, value),
  };
}

export function dhGroup({ p, g, q }: DhParameters): AgreementGroup<bigint> {
  const bytes = Math.ceil(p.toString(16).length / 2);
  return {
    publicKeyTag: 0x84,
    generator: g,
    order: q,
    prime: p,
    fieldBits: p.toString(2).length,
    randomScalar: (random) => (bytesToBigInt(random(Math.ceil(q.toString(16).length / 2) + 8)) % (q - 1n)) + 1n,
    power: (base, scalar) => modPow(base, scalar, p),
    combine: (a, b) => (a * b) % p,
    isNeutral: (element) => element <= 1n,
    encode: (element) => bigIntToBytes(element, bytes),
    decode: (input) => {
      if (input.length > bytes + 1) return null;
      const element = bytesToBigInt(input);
      // Outside the subgroup of order q a peer could learn the scalar piece by piece.
      return element > 1n && element < p - 1n && modPow(element, q, p) === 1n ? element : null;
    },
    sharedSecret: (element) => bigIntToBytes(element, bytes),
    integratedMap: (value) => modPow(value, (p - 1n) / q, p),
  };
}

/** Point encoding of §4.4.3.3.2 (Brier et al.), for primes 3 mod 4 and cofactor 1. */
function mapToCurve(curve: Curve, t: bigint): CurvePoint | null {
  const { p, a, b } = curve.parameters;
  if (p % 4n !== 3n) return null;
  const mod = (value: bigint): bigint => ((value % p) + p) % p;
  const inverse = (value: bigint): bigint => modPow(value, p - 2n, p);
  const alpha = mod(-t * t);
  const denominator = mod(alpha + alpha * alpha);
  if (denominator === 0n) return null;
  const x2 = mod(mod(-b * inverse(a)) * mod(1n + inverse(denominator)));
  const x3 = mod(alpha * x2);
  const h2 = mod(x2 * x2 * x2 + a * x2 + b);
  const u = mod(mod(t * t * t) * h2);
  const root = modPow(h2, p - 1n - (p + 1n) / 4n, p);
  const isSquare = mod(root * root * h2) === 1n;
  const [x, y] = isSquare ? [x2, mod(root * h2)] : [x3, mod(root * u)];
  const point = curve.group.fromAffine({ x, y });
  try {
    point.assertValidity();
    return point;
  } catch {
    // Cannot happen for a curve in the table; a null is refused by the caller.
    return null;
  }
}
