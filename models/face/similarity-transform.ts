import type { Point } from './image.ts';

/** `x' = a x - b y + tx`, `y' = b x + a y + ty`: rotation, one scale and a shift; no shear, no mirror. */
export interface SimilarityTransform {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/**
 * The similarity that brings `from` nearest to `to` in the least-squares sense (Umeyama 1991, closed form in the plane).
 * All points of `from` in one place have no answer: `undefined`.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): SimilarityTransform | undefined {
  const count = from.length;
  const centre = meanOf(from);
  const target = meanOf(to);
  let dot = 0;
  let cross = 0;
  let spread = 0;
  for (let i = 0; i < count; i++) {
    const x = from[i]!.x - centre.x;
    const y = from[i]!.y - centre.y;
    const u = to[i]!.x - target.x;
    const v = to[i]!.y - target.y;
    dot += x * u + y * v;
    cross += x * v - y * u;
    spread += x * x + y * y;
  }
  if (!(spread > 1e-6)) return undefined;
  const a = dot / spread;
  const b = cross / spread;
  return { a, b, tx: target.x - (a * centre.x - b * centre.y), ty: target.y - (b * centre.x + a * centre.y) };
}

export function apply(transform: SimilarityTransform, { x, y }: Point): Point {
  const { a, b, tx, ty } = transform;
  return { x: a * x - b * y + tx, y: b * x + a * y + ty };
}

/** The way back. A transform of scale zero has none: `undefined`. */
export function invert({ a, b, tx, ty }: SimilarityTransform): SimilarityTransform | undefined {
  const square = a * a + b * b;
  if (!(square > 1e-12)) return undefined;
  const ia = a / square;
  const ib = -b / square;
  return { a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty) };
}

export const scaleOf = ({ a, b }: SimilarityTransform): number => Math.hypot(a, b);

/** Rotation in degrees, positive where y (downwards) grows with x. */
export const angleOf = ({ a, b }: SimilarityTransform): number => (Math.atan2(b, a) * 180) / Math.PI;

export function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((total, point) => ({ x: total.x + point.x, y: total.y + point.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
