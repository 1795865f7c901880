/** Pixels, rows from the top, 4 bytes a pixel (R, G, B, A; A is ignored). */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One camera frame as the lane hands it over. `capturedAtMs` is the window's monotonic clock. */
export interface RgbaFrame extends RgbaImage {
  readonly format: 'rgba';
  readonly capturedAtMs: number;
}

/** Interleaved R, G, B as floats 0..255: what crops and warps work on. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A rectangle in pixels of the source; may reach outside the image, where the edge pixel is repeated. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function isWellFormed(image: RgbaImage): boolean {
  const { width, height, data } = image;
  return (
    Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0 && data.length === width * height * 4
  );
}

/** `rect` grown about its centre. */
export function grow(rect: Rect, factor: number): Rect {
  const width = rect.width * factor;
  const height = rect.height * factor;
  return { x: rect.x - (width - rect.width) / 2, y: rect.y - (height - rect.height) / 2, width, height };
}

/** Bounds of points. */
export function boundsOf(points: readonly Point[]): Rect {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Share of `rect` that lies outside the image, 0..1. */
export function shareOutside(rect: Rect, image: { readonly width: number; readonly height: number }): number {
  const insideWidth = Math.max(0, Math.min(rect.x + rect.width, image.width) - Math.max(rect.x, 0));
  const insideHeight = Math.max(0, Math.min(rect.y + rect.height, image.height) - Math.max(rect.y, 0));
  return 1 - (insideWidth * insideHeight) / (rect.width * rect.height);
}

/** The picture as in a mirror: left and right exchanged. */
export function mirror({ width, height, data }: RgbImage): RgbImage {
  const mirrored = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * width * 3, from = at + (width - 1) * 3; x < width; x++, at += 3, from -= 3) {
      mirrored[at] = data[from]!;
      mirrored[at + 1] = data[from + 1]!;
      mirrored[at + 2] = data[from + 2]!;
    }
  }
  return { width, height, data: mirrored };
}
