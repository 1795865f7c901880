import type { ModelOf } from '../manifest.ts';
import { boundsOf, type Point, type Rect, type RgbaImage } from './image.ts';
import type { ModelSession } from './model-session.ts';
import { resample } from './resample.ts';
import { meanOf } from './similarity-transform.ts';

/** The 68 points of the iBUG 300-W markup, in pixels of the source image. */
export type Landmarks = readonly Point[];

type LandmarkModel = ModelSession<ModelOf<'landmarks'>>;

/**
 * Two passes: the second looks at a box rebuilt from the first one's points, because the detector's box is loose on
 * turned and tilted heads and the model carries no confidence that would tell.
 */
export async function findLandmarks(model: LandmarkModel, image: RgbaImage, box: Rect): Promise<Landmarks> {
  const first = await onePass(model, image, box);
  return onePass(model, image, boxOf(first));
}

async function onePass(model: LandmarkModel, image: RgbaImage, box: Rect): Promise<Landmarks> {
  const { width, height } = model.model.input;
  const output = (await model.run(resample(image, box, width, height)))[model.model.output]!;
  return Array.from({ length: output.length / 2 }, (_, i) => ({
    x: box.x + output[i * 2]! * box.width,
    y: box.y + output[i * 2 + 1]! * box.height,
  }));
}

/** The detector's boxes reach over the brows to the forehead; the points start at the brows. */
const ABOVE = 0.28;
const BESIDE = 0.06;
const BELOW = 0.04;

export function boxOf(landmarks: Landmarks): Rect {
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
