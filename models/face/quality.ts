import type { QualityPolicy } from '../manifest.ts';
import type { AlignedFace } from './align.ts';
import { boundsOf, type RgbaImage, shareOutside } from './image.ts';
import { interEyeDistance, type Landmarks } from './landmarks.ts';
import type { HeadPose } from './pose.ts';
import { angleOf } from './similarity-transform.ts';
import { greyOf } from './tensors.ts';

/** Why a face can't be compared as it is. One word each, also in the record and the console. */
export type QualityProblem =
  | 'faceTooSmall'
  | 'faceCut'
  | 'tooBlurred'
  | 'tooDark'
  | 'tooBright'
  | 'lowContrast'
  | 'clipped'
  | 'turnedAway'
  | 'eyesClosed'
  | 'eyesCovered'
  | 'mouthCovered'
  | 'patterned';

/** Raw measures, in the units of their names. Brightness, contrast and sharpness are in grey levels of the aligned face. */
export interface QualityMeasures {
  /** Between the eye centres, pixels of the source (ISO/IEC 29794-5: inter-eye distance). */
  readonly interEyePx: number;
  /** Mean absolute Laplacian of the aligned face. Low for blur and for faces that had to be enlarged. */
  readonly sharpness: number;
  /** Mean luma of the inner face, 0..255. */
  readonly brightness: number;
  /** Standard deviation of the luma of the inner face. */
  readonly contrast: number;
  /** Share of the inner face below 8 or above 247. */
  readonly clipped: number;
  readonly yawDegrees: number;
  readonly pitchDegrees: number;
  /** From the line between the eyes, which is steadier than the pose model. */
  readonly rollDegrees: number;
  /** Share of the landmarks' bounds outside the image. */
  readonly outside: number;
}

/** The inner face in the aligned crop: brows to chin, no hair, no background. */
const INNER = { left: 24, right: 88, top: 36, bottom: 104 } as const;

export function measureQuality(
  image: RgbaImage,
  landmarks: Landmarks,
  face: AlignedFace,
  pose: HeadPose,
): QualityMeasures {
  const grey = greyOf(face.crop);
  const light = lightOf(grey, face.crop.width);
  return {
    interEyePx: interEyeDistance(landmarks),
    ...light,
    yawDegrees: pose.yaw,
    pitchDegrees: pose.pitch,
    rollDegrees: -angleOf(face.transform),
    outside: shareOutside(boundsOf(landmarks), image),
  };
}

type Light = Pick<QualityMeasures, 'sharpness' | 'brightness' | 'contrast' | 'clipped'>;

function lightOf(grey: Float32Array, width: number): Light {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let edges = 0;
  let clipped = 0;
  for (let y = INNER.top; y < INNER.bottom; y++) {
    for (let i = y * width + INNER.left; i < y * width + INNER.right; i++) {
      const value = grey[i]!;
      count++;
      sum += value;
      squares += value * value;
      edges += Math.abs(4 * value - grey[i - 1]! - grey[i + 1]! - grey[i - width]! - grey[i + width]!);
      if (value < 8 || value > 247) clipped++;
    }
  }
  const brightness = sum / count;
  return {
    sharpness: edges / count,
    brightness,
    contrast: Math.sqrt(Math.max(0, squares / count - brightness * brightness)),
    clipped: clipped / count,
  };
}

/** What is wrong, worst first; empty when the face may be compared. */
export function findProblems(measures: QualityMeasures, policy: QualityPolicy): readonly QualityProblem[] {
  const problems: QualityProblem[] = [];
  if (measures.outside > policy.maxOutside) problems.push('faceCut');
  if (measures.interEyePx < policy.minInterEyePx) problems.push('faceTooSmall');
  if (
    Math.abs(measures.yawDegrees) > policy.maxYawDegrees ||
    Math.abs(measures.pitchDegrees) > policy.maxPitchDegrees ||
    Math.abs(measures.rollDegrees) > policy.maxRollDegrees
  ) {
    problems.push('turnedAway');
  }
  if (measures.brightness < policy.minBrightness) problems.push('tooDark');
  if (measures.brightness > policy.maxBrightness) problems.push('tooBright');
  if (measures.contrast < policy.minContrast) problems.push('lowContrast');
  if (measures.clipped > policy.maxClipped) problems.push('clipped');
  if (measures.sharpness < policy.minSharpness) problems.push('tooBlurred');
  return problems;
}
