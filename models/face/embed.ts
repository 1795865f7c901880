import type { ModelOf } from '../manifest.ts';
import type { AlignedFace } from './align.ts';
import { mirror, type RgbImage } from './image.ts';
import type { ModelSession } from './model-session.ts';

/** A face template of length 1. Personal data: stays in the worker, is never logged, and is cleared after the crossing. */
export type Embedding = Float32Array;

/** A template and how long the model's answer was before it was brought to length 1. */
export interface Template {
  readonly embedding: Embedding;
  /**
   * Faces give long answers. Patterns, print and grids over a face give short ones, and those all point the same way:
   * different people under one pattern match each other. So the length tells whether to compare at all.
   */
  readonly norm: number;
}

type Recogniser = ModelSession<ModelOf<'recogniser'>>;

/** `undefined` when the model's answer has no length (not a number, or all zero): such a template compares with nothing. */
export async function embed(recogniser: Recogniser, face: AlignedFace): Promise<Template | undefined> {
  return answer(recogniser, face.crop);
}

/**
 * The mean of the face and its mirror image, which says a little more about the person than the face alone, at twice the work. `other`
 * is the same model: the mirror image goes through it at the same time where that is a session of its own, and afterwards otherwise.
 */
export async function embedMirrored(
  recogniser: Recogniser,
  other: Recogniser,
  face: AlignedFace,
): Promise<Template | undefined> {
  const turned = mirror(face.crop);
  const [plain, mirrored] =
    other === recogniser
      ? [await answer(recogniser, face.crop), await answer(recogniser, turned)]
      : await Promise.all([answer(recogniser, face.crop), answer(other, turned)]);
  turned.data.fill(0);
  const both = plain && mirrored && toUnitLength(plain.embedding.map((value, i) => value + mirrored.embedding[i]!));
  plain?.embedding.fill(0);
  mirrored?.embedding.fill(0);
  return plain && both && { embedding: both.embedding, norm: plain.norm };
}

async function answer(recogniser: Recogniser, crop: RgbImage): Promise<Template | undefined> {
  const values = (await recogniser.run(crop))[recogniser.model.output]!;
  return values.length === recogniser.model.dimensions ? toUnitLength(values) : undefined;
}

function toUnitLength(values: Float32Array): Template | undefined {
  let square = 0;
  for (const value of values) square += value * value;
  const norm = Math.sqrt(square);
  return norm > 1e-6 ? { embedding: values.map((value) => value / norm), norm } : undefined;
}

/** Cosine similarity of two templates of length 1, -1..1. */
export function cosine(one: Embedding, other: Embedding): number {
  if (one.length !== other.length) throw new Error('templates of two models do not compare');
  let dot = 0;
  for (let i = 0; i < one.length; i++) dot += one[i]! * other[i]!;
  return Math.max(-1, Math.min(1, dot));
}
