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
  const taps = step > 1 ? Math.ceil(step) + 1 : 2;
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

const coverage = (pixel: number, from: number, to: number): number =>
  Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));

/**
 * Cuts `rect` out of `image` and brings it to `width` x `height`, as floats 0..255. Outside the image the edge pixel is
 * repeated. Separable: columns first, then rows.
 */
export function resample(image: RgbaImage, rect: Rect, width: number, height: number): RgbImage {
  const across = axisTaps(rect.x, rect.width, image.width, width);
  const down = axisTaps(rect.y, rect.height, image.height, height);
  const { first, rows } = squeezeColumns(image, across, rowRange(down), width);
  const data = new Float32Array(width * height * 3);
  const stride = width * 3;
  for (let y = 0; y < height; y++) {
    const target = y * stride;
    for (let t = 0; t < down.taps; t++) {
      const weight = down.weight[y * down.taps + t]!;
      if (weight === 0) continue;
      const source = (down.index[y * down.taps + t]! - first) * stride;
      for (let i = 0; i < stride; i++) data[target + i] = data[target + i]! + rows[source + i]! * weight;
    }
  }
  return { width, height, data };
}

function rowRange(down: AxisTaps): { readonly first: number; readonly last: number } {
  let first = Number.MAX_SAFE_INTEGER;
  let last = 0;
  for (const row of down.index) {
    first = Math.min(first, row);
    last = Math.max(last, row);
  }
  return { first, last };
}

/** Only the rows that are needed, each at the new width. */
function squeezeColumns(
  image: RgbaImage,
  across: AxisTaps,
  range: { readonly first: number; readonly last: number },
  width: number,
): { readonly first: number; readonly rows: Float32Array } {
  const { data } = image;
  const { taps, index, weight } = across;
  const rows = new Float32Array((range.last - range.first + 1) * width * 3);
  let target = 0;
  for (let y = range.first; y <= range.last; y++) {
    const line = y * image.width;
    for (let x = 0; x < width; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let tap = x * taps; tap < x * taps + taps; tap++) {
        const share = weight[tap]!;
        const pixel = (line + index[tap]!) * 4;
        r += data[pixel]! * share;
        g += data[pixel + 1]! * share;
        b += data[pixel + 2]! * share;
      }
      rows[target] = r;
      rows[target + 1] = g;
      rows[target + 2] = b;
      target += 3;
    }
  }
  return { first: range.first, rows };
}
