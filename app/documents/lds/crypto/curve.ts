import { type WeierstrassPoint, type WeierstrassPointCons, weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { bigIntToBytes, bytesToBigInt } from '../der.ts';
import { CURVES, type CurveName, type CurveParameters } from './curve-parameters.ts';

export type CurvePoint = WeierstrassPoint<bigint>;

/**
 * A prime curve with its group operations. The arithmetic is @noble/curves: one code for OpenSSL and BoringSSL, which has
 * no brainpool, and PACE needs whole points, which `node:crypto` does not give.
 */
export interface Curve {
  readonly parameters: CurveParameters;
  readonly group: WeierstrassPointCons<bigint>;
  /** Bytes of a coordinate. */
  readonly fieldBytes: number;
  /** Bytes of a scalar. */
  readonly orderBytes: number;
}

const built = new Map<CurveName, Curve>();

function build(parameters: CurveParameters): Curve {
  const known = built.get(parameters.name);
  if (known) return known;
  const { p, n, a, b, gx, gy } = parameters;
  const curve: Curve = {
    parameters,
    group: weierstrass({ p, n, h: 1n, a, b, Gx: gx, Gy: gy }),
    fieldBytes: Math.ceil(p.toString(16).length / 2),
    orderBytes: Math.ceil(n.toString(16).length / 2),
  };
  built.set(parameters.name, curve);
  return curve;
}

export function curveByName(name: CurveName): Curve {
  return build(CURVES.find((curve) => curve.name === name)!);
}

export function curveByOid(oid: string): Curve | null {
  const found = CURVES.find((curve) => curve.oid === oid);
  return found ? build(found) : null;
}

/** ICAO 9303-11 §9.5.1, ids 8 to 18. */
export function curveByStandardizedId(id: number): Curve | null {
  const found = CURVES.find((curve) => curve.standardizedId === id);
  return found ? build(found) : null;
}

export interface ExplicitParameters extends Pick<CurveParameters, 'p' | 'a' | 'b' | 'n'> {
  /** SEC1 point, compressed or not. */
  readonly generator: Uint8Array;
}

/** The known curve that explicit parameters describe, or null. Every parameter must agree, the generator included. */
export function curveByParameters({ p, a, b, n, generator }: ExplicitParameters): Curve | null {
  const found = CURVES.find((curve) => curve.p === p && curve.a === a && curve.b === b && curve.n === n);
  const curve = found ? build(found) : null;
  const point = curve ? decodePoint(curve, generator) : null;
  return point?.equals(curve!.group.BASE) ? curve : null;
}

/** Reads a SEC1 point and makes sure that it is on the curve and not the neutral element; null otherwise. */
export function decodePoint(curve: Curve, bytes: Uint8Array): CurvePoint | null {
  try {
    const point = curve.group.fromBytes(bytes);
    point.assertValidity();
    return point;
  } catch {
    // noble throws on every malformed point; which rule was broken is of no use to the caller.
    return null;
  }
}

/** `04 || x || y` (ICAO 9303-11 §9.4.4). */
export function encodePoint(point: CurvePoint): Uint8Array {
  return point.toBytes(false);
}

/** Coordinate as a fixed-length octet string (FE2OS of BSI TR-03111 §3.1.3). */
export function encodeCoordinate(curve: Curve, coordinate: bigint): Uint8Array {
  return bigIntToBytes(coordinate, curve.fieldBytes);
}

/** A scalar from 1 to n-1 out of random bytes: 64 bits more than the order, so that the bias is negligible. */
export function scalarFromRandom(curve: Curve, random: (length: number) => Uint8Array): bigint {
  return (bytesToBigInt(random(curve.orderBytes + 8)) % (curve.parameters.n - 1n)) + 1n;
}
