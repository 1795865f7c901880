/*
 * Error rates of a comparison, in the words of ISO/IEC 19795-1: a pair matches when its similarity is at or above the
 * threshold; FMR is the share of different-person pairs that match, FNMR the share of same-person pairs that do not.
 */

/** Similarities of compared pairs. */
export interface Scores {
  readonly same: readonly number[];
  readonly different: readonly number[];
}

export interface Rate {
  /** 0..1, or null when there was nothing to count. */
  readonly value: number | null;
  readonly errors: number;
  readonly trials: number;
  /** 95 % interval (Wilson); the upper end is 3/n when there was no error (rule of three). Pairs that share an image are
   * not independent, so the true interval is wider. */
  readonly low: number;
  readonly high: number;
}

export interface OperatingPoint {
  readonly threshold: number;
  readonly fmr: Rate;
  readonly fnmr: Rate;
}

export interface ErrorRates {
  readonly samePairs: number;
  readonly differentPairs: number;
  /** Probability that a same-person pair scores above a different-person pair, ties counting half. */
  readonly auc: number | null;
  readonly eer: number | null;
  readonly eerThreshold: number | null;
  /** FNMR where FMR is at most 1e-2, 1e-3, 1e-4; and where no different-person pair matches at all. */
  readonly fnmrAtFmr: readonly { readonly fmr: number; readonly point: OperatingPoint | null }[];
}

const FMR_TARGETS = [1e-2, 1e-3, 1e-4, 0] as const;

export function errorRates(scores: Scores): ErrorRates {
  const same = ascending(scores.same);
  const different = ascending(scores.different);
  const eer = equalErrorRate(same, different);
  return {
    samePairs: same.length,
    differentPairs: different.length,
    auc: areaUnderCurve(same, different),
    eer: eer?.rate ?? null,
    eerThreshold: eer?.threshold ?? null,
    fnmrAtFmr: FMR_TARGETS.map((fmr) => ({ fmr, point: pointAtFmr(same, different, fmr) })),
  };
}

/** The rates at one threshold. */
export function ratesAt(scores: Scores, threshold: number): OperatingPoint {
  return pointAt(ascending(scores.same), ascending(scores.different), threshold);
}

/** The least threshold whose FMR is at most `fmr`. `undefined` without different-person pairs. */
export function thresholdForFmr(different: readonly number[], fmr: number): number | undefined {
  if (different.length === 0) return undefined;
  const sorted = ascending(different);
  const allowed = Math.floor(fmr * sorted.length);
  // One step above the best score that must not match.
  const barred = sorted[sorted.length - 1 - allowed];
  return barred === undefined ? -1 : nextAbove(barred);
}

export function rateOf(errors: number, trials: number): Rate {
  if (trials === 0) return { value: null, errors, trials, low: 0, high: 1 };
  const value = errors / trials;
  const z = 1.96;
  const spread = z * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials));
  const centre = value + (z * z) / (2 * trials);
  const scale = 1 + (z * z) / trials;
  const low = errors === 0 ? 0 : Math.max(0, (centre - spread) / scale);
  const high = errors === 0 ? Math.min(1, 3 / trials) : Math.min(1, (centre + spread) / scale);
  return { value, errors, trials, low, high };
}

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
/** Similarities are sums of floats: a step far below their noise. */
const nextAbove = (value: number): number => value + 1e-9;

/** How many of the ascending `values` are below `limit`. */
function countBelow(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pointAt(same: Float64Array, different: Float64Array, threshold: number): OperatingPoint {
  return {
    threshold,
    fmr: rateOf(different.length - countBelow(different, threshold), different.length),
    fnmr: rateOf(countBelow(same, threshold), same.length),
  };
}

function pointAtFmr(same: Float64Array, different: Float64Array, fmr: number): OperatingPoint | null {
  const threshold = thresholdForFmr([...different], fmr);
  return threshold === undefined || same.length === 0 ? null : pointAt(same, different, threshold);
}

function areaUnderCurve(same: Float64Array, different: Float64Array): number | null {
  if (same.length === 0 || different.length === 0) return null;
  let wins = 0;
  for (const score of same) {
    const below = countBelow(different, score);
    wins += below + (countBelow(different, nextAbove(score)) - below) / 2;
  }
  return wins / (same.length * different.length);
}

/** Where FMR and FNMR cross; between two thresholds the mean of both. */
function equalErrorRate(same: Float64Array, different: Float64Array): { rate: number; threshold: number } | null {
  if (same.length === 0 || different.length === 0) return null;
  let best = { rate: 1, threshold: 0, gap: 2 };
  for (const threshold of new Set([...same, ...different])) {
    const fnmr = countBelow(same, threshold) / same.length;
    const fmr = 1 - countBelow(different, threshold) / different.length;
    const gap = Math.abs(fnmr - fmr);
    if (gap < best.gap) best = { rate: (fnmr + fmr) / 2, threshold, gap };
  }
  return best;
}
