import type { Rect, RgbaImage, RgbImage } from './image.ts';

/**
 * Where each destination pixel takes its light from, along one axis. Shrinking averages the source pixels that the
 * destination pixel covers (no aliasing, each source pixel read once); enlarging interpolates between neighbours.
 */
interface AxisTaps {
  readonly taps: number;
  /** `taps` source indices for each destination pixel, already clamped to the image. */
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

function axisTaps(start: number, length: number, sourceSize: number, size: number): AxisTaps {
  const step = length / size;
  const taps = tapsFor(start, step);
  const index = new Int32Array(size * taps);
  const weight = new Float32Array(size * taps);
  for (let i = 0; i < size; i++) {
    const from = step > 1 ? start + i * step : start + (i + 0.5) * step - 0.5;
    const first = Math.floor(from);
    for (let t = 0; t < taps; t++) {
      const at = first + t;
      const covered = step > 1 ? coverage(at, from, from + step) / step : 1 - Math.abs(at - from);
      index[i * taps + t] = Math.min(Math.max(at, 0), sourceSize - 1);
      weight[i * taps + t] = Math.max(0, covered);
    }
  }
  return { taps, index, weight };
}

/** How many source pixels one destination pixel lies over, at most. */
function tapsFor(start: number, step: number): number {
  if (step <= 1) return 2;
  const whole = Number.isInteger(step) && Number.isInteger(start);
  return Math.max(2, whole ? step : Math.ceil(step) + 1);
}

const coverage = (pixel: number, from: number, to: number): number =>
  Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));

/**
 * Cuts `rect` out of `image` and brings it to `width` x `height`, as floats 0..255. Outside the image the edge pixel is
 * repeated. Separable: columns first, then rows. A squeezed row is kept only as long as rows of the result need it: the memory
 * that is gone through stays small, which is most of the speed, and no second picture of a face is left behind.
 */
export function resample(image: RgbaImage, rect: Rect, width: number, height: number): RgbImage {
  if (isHalving(image, rect, width, height)) return halve(image, rect, width, height);
  const across = axisTaps(rect.x, rect.width, image.width, width);
  const down = axisTaps(rect.y, rect.height, image.height, height);
  const data = new Float32Array(width * height * 3);
  const stride = width * 3;
  // Two neighbouring rows of the result share one row of the source when shrinking and two when enlarging.
  const rows = [new Float64Array(stride), new Float64Array(stride)] as const;
  const held = [-1, -1];
  for (let y = 0; y < height; y++) {
    const target = y * stride;
    for (let t = 0; t < down.taps; t++) {
      const weight = down.weight[y * down.taps + t]!;
      if (weight === 0) continue;
      const source = down.index[y * down.taps + t]!;
      const row = rows[source % 2]!;
      if (held[source % 2] !== source) squeezeRow(image, source, across, row);
      held[source % 2] = source;
      addScaled(row, weight, data, target);
    }
  }
  for (const row of rows) row.fill(0);
  return { width, height, data };
}

/** What the detector wants of a camera's frame: each pixel the mean of four whole ones. */
function isHalving(image: RgbaImage, { x, y, width, height }: Rect, toWidth: number, toHeight: number): boolean {
  const whole = Number.isInteger(x) && Number.isInteger(y) && width === 2 * toWidth && height === 2 * toHeight;
  return whole && x >= 0 && y >= 0 && x + width <= image.width && y + height <= image.height;
}

/** The same values to the last bit as the long way gives: sums of four bytes and quarters of them are exact. */
function halve({ data: from, width: fullWidth }: RgbaImage, { x, y }: Rect, width: number, height: number): RgbImage {
  const data = new Float32Array(width * height * 3);
  const below = fullWidth * 4;
  for (let row = 0, at = 0; row < height; row++) {
    for (let p = ((y + 2 * row) * fullWidth + x) * 4, end = p + width * 8; p < end; p += 8, at += 3) {
      const q = p + below;
      data[at] = (from[p]! + from[p + 4]! + from[q]! + from[q + 4]!) / 4;
      data[at + 1] = (from[p + 1]! + from[p + 5]! + from[q + 1]! + from[q + 5]!) / 4;
      data[at + 2] = (from[p + 2]! + from[p + 6]! + from[q + 2]! + from[q + 6]!) / 4;
    }
  }
  return { width, height, data };
}

function addScaled(row: Float64Array, weight: number, data: Float32Array, target: number): void {
  for (let i = 0; i < row.length; i++) data[target + i]! += row[i]! * weight;
}

/** One row of the source at the new width. The first two taps, often the only ones, are written out. */
function squeezeRow(image: RgbaImage, y: number, { taps, index, weight }: AxisTaps, row: Float64Array): void {
  const { data } = image;
  const line = y * image.width * 4;
  for (let target = 0, tap = 0; target < row.length; target += 3) {
    const w0 = weight[tap]!;
    const w1 = weight[tap + 1]!;
    const p0 = line + index[tap]! * 4;
    const p1 = line + index[tap + 1]! * 4;
    let r = data[p0]! * w0 + data[p1]! * w1;
    let g = data[p0 + 1]! * w0 + data[p1 + 1]! * w1;
    let b = data[p0 + 2]! * w0 + data[p1 + 2]! * w1;
    const end = tap + taps;
    for (tap += 2; tap < end; tap++) {
      const share = weight[tap]!;
      const pixel = line + index[tap]! * 4;
      r += data[pixel]! * share;
      g += data[pixel + 1]! * share;
      b += data[pixel + 2]! * share;
    }
    row[target] = r;
    row[target + 1] = g;
    row[target + 2] = b;
  }
}
