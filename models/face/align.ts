import { boundsOf, grow, type Point, type Rect, type RgbaImage, type RgbImage } from './image.ts';
import { resample } from './resample.ts';
import { apply, fitSimilarity, invert, type SimilarityTransform, scaleOf } from './similarity-transform.ts';

/** Side of the aligned crop that ArcFace-style recognisers take. */
const ALIGNED_SIZE = 112;

/** Where eyes, nose tip and mouth corners lie in the aligned crop (ArcFace 112 x 112 template). */
const ALIGNED_POINTS: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

export interface AlignedFace {
  readonly crop: RgbImage;
  /** From the source image to the crop. */
  readonly transform: SimilarityTransform;
}

/** Turns and scales the face so that its five points come to the template. `undefined` when the points have no extent. */
export function alignFace(image: RgbaImage, fivePoints: readonly Point[]): AlignedFace | undefined {
  const transform = fitSimilarity(fivePoints, ALIGNED_POINTS);
  const back = transform && invert(transform);
  if (!transform || !back) return undefined;
  return { crop: warp(image, back, ALIGNED_SIZE), transform };
}

/** Destination pixel -> source position `back`. A face larger than the crop is first averaged down, so nothing aliases. */
function warp(image: RgbaImage, back: SimilarityTransform, size: number): RgbImage {
  const corners = [0, size].flatMap((x) => [0, size].map((y) => apply(back, { x, y })));
  const region = outward(grow(boundsOf(corners), 1.02));
  const shrink = Math.max(1, scaleOf(back));
  const width = Math.max(2, Math.ceil(region.width / shrink));
  const height = Math.max(2, Math.ceil(region.height / shrink));
  const source = resample(image, region, width, height);
  const toX = width / region.width;
  const toY = height / region.height;
  const data = new Float32Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = apply(back, { x, y });
      sampleInto(
        source,
        (at.x + 0.5 - region.x) * toX - 0.5,
        (at.y + 0.5 - region.y) * toY - 0.5,
        data,
        (y * size + x) * 3,
      );
    }
  }
  return { width: size, height: size, data };
}

/** To whole pixels, so that a face that needs no shrinking is not softened by half a pixel. */
function outward({ x, y, width, height }: Rect): Rect {
  const left = Math.floor(x);
  const top = Math.floor(y);
  return { x: left, y: top, width: Math.ceil(x + width) - left, height: Math.ceil(y + height) - top };
}

/** Bilinear; positions outside take the edge. */
function sampleInto(source: RgbImage, x: number, y: number, target: Float32Array, offset: number): void {
  const { width, height, data } = source;
  const left = Math.min(Math.max(x, 0), width - 1);
  const top = Math.min(Math.max(y, 0), height - 1);
  const x0 = Math.floor(left);
  const y0 = Math.floor(top);
  const fx = left - x0;
  const fy = top - y0;
  const right = x0 + 1 < width ? 3 : 0;
  const below = y0 + 1 < height ? width * 3 : 0;
  const base = (y0 * width + x0) * 3;
  for (let c = 0; c < 3; c++) {
    const i = base + c;
    const upper = data[i]! + (data[i + right]! - data[i]!) * fx;
    const lower = data[i + below]! + (data[i + below + right]! - data[i + below]!) * fx;
    target[offset + c] = upper + (lower - upper) * fy;
  }
}
