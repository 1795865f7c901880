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

/**
 * `undefined` when the model's answer has no length (not a number, or all zero): such a template compares with nothing.
 * `mirrored`: the mean of the face and its mirror image, which says a little more about the person; twice the time.
 */
export async function embed(
  recogniser: ModelSession<ModelOf<'recogniser'>>,
  face: AlignedFace,
  mirrored: boolean,
): Promise<Template | undefined> {
  const plain = await answer(recogniser, face.crop);
  if (!mirrored || !plain) return plain;
  const turned = mirror(face.crop);
  const other = await answer(recogniser, turned);
  turned.data.fill(0);
  if (!other) return undefined;
  const both = toUnitLength(plain.embedding.map((value, i) => value + other.embedding[i]!));
  plain.embedding.fill(0);
  other.embedding.fill(0);
  return both && { embedding: both.embedding, norm: plain.norm };
}

async function answer(recogniser: ModelSession<ModelOf<'recogniser'>>, crop: RgbImage): Promise<Template | undefined> {
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
