import type { ModelOf } from '../manifest.ts';
import type { AlignedFace } from './align.ts';
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

/** `undefined` when the model's answer has no length (not a number, or all zero): such a template compares with nothing. */
export async function embed(
  recogniser: ModelSession<ModelOf<'recogniser'>>,
  face: AlignedFace,
): Promise<Template | undefined> {
  const values = (await recogniser.run(face.crop))[recogniser.model.output]!;
  let square = 0;
  for (const value of values) square += value * value;
  const length = Math.sqrt(square);
  if (!(length > 1e-6) || values.length !== recogniser.model.dimensions) return undefined;
  return { embedding: values.map((value) => value / length), norm: length };
}

/** Cosine similarity of two templates of length 1, -1..1. */
export function cosine(one: Embedding, other: Embedding): number {
  if (one.length !== other.length) throw new Error('templates of two models do not compare');
  let dot = 0;
  for (let i = 0; i < one.length; i++) dot += one[i]! * other[i]!;
  return Math.max(-1, Math.min(1, dot));
}
