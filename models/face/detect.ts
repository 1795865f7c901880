import type { ModelOf } from '../manifest.ts';
import type { Rect, RgbaImage, RgbImage } from './image.ts';
import type { ModelSession } from './model-session.ts';
import { resample } from './resample.ts';

/** A face in pixels of the image that was searched, with the detector's score 0..1. */
export interface FaceBox extends Rect {
  readonly score: number;
}

type Detector = ModelSession<ModelOf<'detector'>>;

/** Part of the source that is laid onto the whole canvas: canvas pixel (0,0) is (x,y), the canvas covers width x height. */
type View = Rect;

/**
 * Faces, largest first. First the image keeps its shape (letterbox). Found nothing: once more, squashed to the canvas,
 * with a lower score; then smaller than the canvas, for faces that fill or leave the image; then in overlapping tiles,
 * for faces that were too small on the canvas.
 */
export async function detectFaces(detector: Detector, image: RgbaImage): Promise<FaceBox[]> {
  const { minScore, minScoreRetry } = detector.model;
  const fitted = letterbox(image, detector.model.input);
  const first = await detectIn(detector, image, fitted, minScore);
  if (first.length > 0) return first;
  const squashed = await detectIn(
    detector,
    image,
    { x: 0, y: 0, width: image.width, height: image.height },
    minScoreRetry,
  );
  if (squashed.length > 0) return squashed;
  const huge = await detectIn(detector, image, around(fitted, 1.8), minScoreRetry);
  return huge.length > 0 ? huge : detectInTiles(detector, image);
}

/** A tile is this many canvases wide, so that a face of 60 pixels is 30 on the canvas. */
const TILE = 2;

async function detectInTiles(detector: Detector, image: RgbaImage): Promise<FaceBox[]> {
  const { input, minScore, maxOverlap } = detector.model;
  const found: FaceBox[] = [];
  for (const tile of tilesOf(image, { width: input.width * TILE, height: input.height * TILE })) {
    found.push(...(await detectIn(detector, image, tile, minScore)));
  }
  return byArea(suppress(found, maxOverlap));
}

/** Tiles that overlap by at least a quarter; none where one tile is the whole image, which was searched already. */
export function tilesOf(image: { width: number; height: number }, tile: { width: number; height: number }): View[] {
  const columns = starts(image.width, tile.width);
  const rows = starts(image.height, tile.height);
  if (columns.length * rows.length === 1) return [];
  return rows.flatMap((y) => columns.map((x) => ({ x, y, width: tile.width, height: tile.height })));
}

function starts(length: number, tile: number): number[] {
  if (length <= tile) return [0];
  const count = Math.ceil((length - tile) / (tile * 0.75)) + 1;
  return Array.from({ length: count }, (_, i) => (i * (length - tile)) / (count - 1));
}

async function detectIn(detector: Detector, image: RgbaImage, view: View, minScore: number): Promise<FaceBox[]> {
  const { output, maxOverlap } = detector.model;
  const found = await detector.run(render(image, view, detector.model.input));
  const boxes = decode(found[output.scores]!, found[output.boxes]!, view, minScore);
  return byArea(suppress(boxes, maxOverlap).filter((box) => centreInside(box, image)));
}

const byArea = (boxes: FaceBox[]): FaceBox[] =>
  boxes.sort((one, other) => other.width * other.height - one.width * one.height);

/** The smallest view of the canvas' shape that holds the whole image, centred. */
export function letterbox(image: { width: number; height: number }, canvas: { width: number; height: number }): View {
  const scale = Math.max(image.width / canvas.width, image.height / canvas.height);
  const width = canvas.width * scale;
  const height = canvas.height * scale;
  return { x: (image.width - width) / 2, y: (image.height - height) / 2, width, height };
}

const around = (view: View, factor: number): View => ({
  x: view.x - (view.width * (factor - 1)) / 2,
  y: view.y - (view.height * (factor - 1)) / 2,
  width: view.width * factor,
  height: view.height * factor,
});

/** The view as the canvas; beyond the image it is mid-grey, which the detector's mean makes almost zero. */
export function render(image: RgbaImage, view: View, canvas: { width: number; height: number }): RgbImage {
  const toX = canvas.width / view.width;
  const toY = canvas.height / view.height;
  const left = Math.max(0, Math.round(-view.x * toX));
  const top = Math.max(0, Math.round(-view.y * toY));
  const right = Math.min(canvas.width, Math.round((image.width - view.x) * toX));
  const bottom = Math.min(canvas.height, Math.round((image.height - view.y) * toY));
  const inner = {
    x: view.x + left / toX,
    y: view.y + top / toY,
    width: (right - left) / toX,
    height: (bottom - top) / toY,
  };
  const part = resample(image, inner, right - left, bottom - top);
  if (part.width === canvas.width && part.height === canvas.height) return part;
  const data = new Float32Array(canvas.width * canvas.height * 3).fill(127);
  for (let y = 0; y < part.height; y++) {
    data.set(part.data.subarray(y * part.width * 3, (y + 1) * part.width * 3), ((top + y) * canvas.width + left) * 3);
  }
  return { width: canvas.width, height: canvas.height, data };
}

/** The model gives a score pair (background, face) and corners 0..1 for each of its 4,420 anchors. */
function decode(scores: Float32Array, corners: Float32Array, view: View, minScore: number): FaceBox[] {
  const boxes: FaceBox[] = [];
  for (let i = 0; i * 2 < scores.length; i++) {
    const score = scores[i * 2 + 1]!;
    if (!(score >= minScore)) continue;
    const x = view.x + corners[i * 4]! * view.width;
    const y = view.y + corners[i * 4 + 1]! * view.height;
    const width = view.x + corners[i * 4 + 2]! * view.width - x;
    const height = view.y + corners[i * 4 + 3]! * view.height - y;
    if (width > 1 && height > 1) boxes.push({ x, y, width, height, score });
  }
  return boxes;
}

/** Non-maximum suppression: of boxes that overlap, the best score stays. */
export function suppress(boxes: readonly FaceBox[], maxOverlap: number): FaceBox[] {
  const kept: FaceBox[] = [];
  for (const box of [...boxes].sort((one, other) => other.score - one.score)) {
    if (kept.every((better) => overlap(box, better) <= maxOverlap)) kept.push(box);
  }
  return kept;
}

/** Intersection over union, 0..1. */
export function overlap(one: Rect, other: Rect): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}

function centreInside(box: Rect, image: { width: number; height: number }): boolean {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  return x > 0 && y > 0 && x < image.width && y < image.height;
}
