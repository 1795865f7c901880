import type { ModelOf } from '../manifest.ts';
import { grow, type Rect, type RgbaImage } from './image.ts';
import type { ModelSession } from './model-session.ts';
import { resample } from './resample.ts';
import { softmax } from './tensors.ts';

/**
 * Probability of a live presentation, 0..1. The model judges the face with what is around it (a sheet's edge, a screen's
 * frame), so the crop is the face box several times over, moved inside the image where it would leave it.
 */
export async function livenessOf(
  pad: ModelSession<ModelOf<'presentationAttack'>>,
  image: RgbaImage,
  box: Rect,
): Promise<number> {
  const { input, output, boxScale, liveClass } = pad.model;
  const logits = (await pad.run(resample(image, contextBox(image, box, boxScale), input.width, input.height)))[output]!;
  return softmax(logits)[liveClass]!;
}

/** The box grown by `scale`, less where the image is smaller than that, and shifted to lie inside the image. */
export function contextBox(image: { readonly width: number; readonly height: number }, box: Rect, scale: number): Rect {
  const possible = Math.min(scale, image.width / box.width, image.height / box.height);
  const { x, y, width, height } = grow(box, possible);
  return {
    x: Math.min(Math.max(x, 0), image.width - width),
    y: Math.min(Math.max(y, 0), image.height - height),
    width,
    height,
  };
}
