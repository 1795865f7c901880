import type { ModelOf } from '../manifest.ts';
import { grow, type Rect, type RgbaImage } from './image.ts';
import type { ModelSession } from './model-session.ts';
import { resample } from './resample.ts';
import { softmax } from './tensors.ts';

/** Degrees. Zero is a frontal face; the signs are the model's. */
export interface HeadPose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** The model gives 66 bins an angle; the expected value over the bins is finer than the best bin. */
export async function poseOf(model: ModelSession<ModelOf<'pose'>>, image: RgbaImage, box: Rect): Promise<HeadPose> {
  const { input, output, boxScale, binDegrees, firstBinDegrees } = model.model;
  const found = await model.run(resample(image, grow(box, boxScale), input.width, input.height));
  const degrees = (name: string): number =>
    softmax(found[name]!).reduce((sum, share, bin) => sum + share * bin, 0) * binDegrees + firstBinDegrees;
  return { yaw: degrees(output.yaw), pitch: degrees(output.pitch), roll: degrees(output.roll) };
}
