/** Bars of the histogram, dark to bright. */
export const BINS = 48;

export interface PictureMeasures {
  /** Shares of the pixels by luminance, dark first; together 1. */
  readonly histogram: readonly number[];
  /** Mean luminance, 0..255. */
  readonly brightness: number;
  /** Shares of the pixels at the black and at the white end. */
  readonly dark: number;
  readonly clipped: number;
  /** Variance of the Laplacian of the luminance in the middle half: an edge in focus is steep. */
  readonly sharpness: number;
}

const BLACK = 16;
const WHITE = 250;

/** Light and focus of one RGBA picture, rows from the top. Nothing of who stands in it is kept. */
export function measurePicture(rgba: Uint8ClampedArray, width: number, height: number): PictureMeasures {
  const pixels = width * height;
  const luma = new Float32Array(pixels);
  const counts = new Uint32Array(BINS);
  let [sum, dark, clipped] = [0, 0, 0];
  for (let at = 0; at < pixels; at += 1) {
    const offset = at * 4;
    // Rec. 601 luma, the way a camera's own exposure sees it.
    const y = 0.299 * (rgba[offset] ?? 0) + 0.587 * (rgba[offset + 1] ?? 0) + 0.114 * (rgba[offset + 2] ?? 0);
    luma[at] = y;
    sum += y;
    if (y <= BLACK) dark += 1;
    if (y >= WHITE) clipped += 1;
    const bin = Math.min(BINS - 1, Math.floor((y / 256) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    histogram: Array.from(counts, (count) => count / pixels),
    brightness: sum / pixels,
    dark: dark / pixels,
    clipped: clipped / pixels,
    sharpness: laplacianVariance(luma, width, height),
  };
}

function laplacianVariance(luma: Float32Array, width: number, height: number): number {
  const [left, right] = [Math.max(1, Math.floor(width / 4)), Math.min(width - 1, Math.ceil((width * 3) / 4))];
  const [top, bottom] = [Math.max(1, Math.floor(height / 4)), Math.min(height - 1, Math.ceil((height * 3) / 4))];
  let [sum, squares, count] = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const at = y * width + x;
      const edge =
        (luma[at - 1] ?? 0) +
        (luma[at + 1] ?? 0) +
        (luma[at - width] ?? 0) +
        (luma[at + width] ?? 0) -
        4 * (luma[at] ?? 0);
      sum += edge;
      squares += edge * edge;
      count += 1;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
