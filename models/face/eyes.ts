import type { ModelOf } from '../manifest.ts';
import { boundsOf, type RgbaImage } from './image.ts';
import type { Landmarks } from './landmarks.ts';
import type { ModelSession } from './model-session.ts';
import { resample } from './resample.ts';
import { softmax } from './tensors.ts';

/** Points of the two eyes in the 68-point markup; the first and the fourth are the corners. */
const EYES = [
  [36, 37, 38, 39, 40, 41],
  [42, 43, 44, 45, 46, 47],
] as const;

/** Probability that each eye is open, 0..1, image left first. */
export async function eyesOpen(
  model: ModelSession<ModelOf<'eyes'>>,
  image: RgbaImage,
  landmarks: Landmarks,
): Promise<readonly [number, number]> {
  const { input, output, boxScale, openClass } = model.model;
  const open: number[] = [];
  for (const eye of EYES) {
    const bounds = boundsOf(eye.map((i) => landmarks[i]!));
    const side = Math.max(2, bounds.width * boxScale);
    const square = {
      x: bounds.x + bounds.width / 2 - side / 2,
      y: bounds.y + bounds.height / 2 - side / 2,
      width: side,
      height: side,
    };
    // Both eyes go through the same input tensor, so one after the other.
    const logits = (await model.run(resample(image, square, input.width, input.height)))[output]!;
    open.push(softmax(logits)[openClass]!);
  }
  return [open[0]!, open[1]!];
}
