import type { ModelOf } from '../manifest.ts';
import { boundsOf, mirror, type Point, type Rect, type RgbaImage } from './image.ts';
import type { ModelSession } from './model-session.ts';
import { resample } from './resample.ts';
import { meanOf } from './similarity-transform.ts';

/** The 68 points of the iBUG 300-W markup, in pixels of the source image. */
export type Landmarks = readonly Point[];

type LandmarkModel = ModelSession<ModelOf<'landmarks'>>;

/**
 * Passes that build on each other: the second looks at a box rebuilt from the first one's points, because the detector's box
 * is loose on turned and tilted heads and the model carries no confidence that would tell. The third looks at the mirrored
 * face in a box rebuilt once more, and the mean of both is taken: crops of one person come to lie closer to each other.
 */
export async function findLandmarks(model: LandmarkModel, image: RgbaImage, box: Rect): Promise<Landmarks> {
  const second = await onePass(model, image, boxOf(await onePass(model, image, box)));
  const mirrored = await mirroredPass(model, image, boxOf(second));
  return second.map(({ x, y }, i) => ({ x: (x + mirrored[i]!.x) / 2, y: (y + mirrored[i]!.y) / 2 }));
}

async function onePass(model: LandmarkModel, image: RgbaImage, box: Rect): Promise<Landmarks> {
  const { width, height } = model.model.input;
  return pointsIn(await model.run(resample(image, box, width, height)), model, box);
}

async function mirroredPass(model: LandmarkModel, image: RgbaImage, box: Rect): Promise<Landmarks> {
  const { width, height } = model.model.input;
  const found = pointsIn(await model.run(mirror(resample(image, box, width, height))), model, box);
  return COUNTERPARTS.map((i) => ({ x: 2 * box.x + box.width - found[i]!.x, y: found[i]!.y }));
}

function pointsIn(outputs: Readonly<Record<string, Float32Array>>, { model }: LandmarkModel, box: Rect): Landmarks {
  const output = outputs[model.output]!;
  return Array.from({ length: output.length / 2 }, (_, i) => ({
    x: box.x + output[i * 2]! * box.width,
    y: box.y + output[i * 2 + 1]! * box.height,
  }));
}

/** Which point of a mirrored face is which point of the face, in the 68-point markup. */
const COUNTERPARTS: readonly number[] = [
  ...[16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], // jaw
  ...[26, 25, 24, 23, 22, 21, 20, 19, 18, 17], // brows
  ...[27, 28, 29, 30, 35, 34, 33, 32, 31], // nose
  ...[45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40], // eyes
  ...[54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65], // mouth
];

/** The detector's boxes reach over the brows to the forehead; the points start at the brows. */
const ABOVE = 0.28;
const BESIDE = 0.06;
const BELOW = 0.04;

function boxOf(landmarks: Landmarks): Rect {
  const { x, y, width, height } = boundsOf(landmarks);
  return {
    x: x - BESIDE * width,
    y: y - ABOVE * height,
    width: width * (1 + 2 * BESIDE),
    height: height * (1 + ABOVE + BELOW),
  };
}

/** Eye centres from the lids (the corners move with expression), nose tip, mouth corners. */
export function fivePoints(landmarks: Landmarks): readonly Point[] {
  const mean = (...indices: number[]) => meanOf(indices.map((i) => landmarks[i]!));
  return [mean(37, 38, 40, 41), mean(43, 44, 46, 47), landmarks[30]!, mean(48, 60), mean(54, 64)];
}

export function interEyeDistance(landmarks: Landmarks): number {
  const [left, right] = fivePoints(landmarks);
  return Math.hypot(right!.x - left!.x, right!.y - left!.y);
}

/**
 * How far the nose tip lies beside the line from the middle of the eyes to the middle of the mouth, measured along the eyes, in
 * eye distances; right of the picture is positive. Stays as it is whatever way a flat picture is turned, because turning a
 * plane is affine; moves when a head turns, because a nose stands out.
 */
export function noseOffset(landmarks: Landmarks): number {
  const [left, right, nose, mouthLeft, mouthRight] = fivePoints(landmarks) as [Point, Point, Point, Point, Point];
  const eyes = meanOf([left, right]);
  const mouth = meanOf([mouthLeft, mouthRight]);
  const across = { x: right.x - left.x, y: right.y - left.y };
  const down = { x: mouth.x - eyes.x, y: mouth.y - eyes.y };
  const area = across.x * down.y - across.y * down.x;
  if (Math.abs(area) < 1e-6) return 0;
  return ((nose.x - eyes.x) * down.y - (nose.y - eyes.y) * down.x) / area;
}
