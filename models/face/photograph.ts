import { err, ok, type Result } from '../../app/contract/result.ts';
import { decodeImage, type ImageError } from './decode-image.ts';
import type { Embedding } from './embed.ts';
import { analyse, type FacePipeline, type StepTimings } from './pipeline.ts';
import type { QualityMeasures, QualityProblem } from './quality.ts';

/** A photograph that was read: one template and what was measured about it. */
export interface ReadPhotograph {
  readonly embedding: Embedding;
  /** All faces that count; the template is of the largest. */
  readonly faces: number;
  readonly measures: QualityMeasures;
  /** Empty when the photograph passes the quality gate. */
  readonly problems: readonly QualityProblem[];
  readonly liveness: number | null;
  readonly timings: StepTimings;
  /** Decoding and everything after it. */
  readonly totalMs: number;
}

export type PhotographError = ImageError | { readonly code: 'noFace' };

/** Encoded bytes to a template, whatever its quality: for measuring and for the command line. The lane has `Captures`. */
export async function readPhotograph(
  pipeline: FacePipeline,
  encoded: Uint8Array,
  wish: { readonly liveness: boolean },
): Promise<Result<ReadPhotograph, PhotographError>> {
  const start = performance.now();
  const image = await decodeImage(encoded);
  if (!image.ok) return image;
  const { faces, main, timings } = await analyse(pipeline, image.value, {
    ...wish,
    template: 'always',
    mirrored: true,
  });
  image.value.data.fill(0);
  if (!main?.embedding) return err({ code: 'noFace' });
  const { embedding, measures, problems, liveness } = main;
  const totalMs = performance.now() - start;
  return ok({ embedding, faces: faces.length, measures, problems, liveness, timings, totalMs });
}
