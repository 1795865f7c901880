import { basename } from 'node:path';
import type { AcquisitionError } from '../../../models/evaluation/photo-set.ts';
import { IMAGE_LIMITS } from '../../../models/face/decode-image.ts';
import { cosine } from '../../../models/face/embed.ts';
import { type ReadPhotograph, readPhotograph } from '../../../models/face/photograph.ts';
import type { FacePipeline } from '../../../models/face/pipeline.ts';
import { isCovered } from '../../../models/face/quality.ts';
import { activeModel } from '../../../models/manifest.ts';
import type { Result } from '../../contract/result.ts';
import { answerNegative, printJson, printLine, readInput } from '../io.ts';

/** `jointgate face compare A B`: exit 0 for a match, 1 for no match or a photograph that can't be compared. */
export async function compare(pipeline: FacePipeline, fileA: string, fileB: string, json: boolean): Promise<void> {
  const recogniser = activeModel(pipeline.manifest, 'recogniser');
  const a = await acquire(pipeline, fileA);
  const b = await acquire(pipeline, fileB);
  const similarity = a.ok && b.ok ? cosine(a.value.embedding, b.value.embedding) : null;
  const decision = decide(similarity, recogniser.threshold, [a, b]);
  const point = recogniser.operatingPoints.find(({ threshold }) => threshold === recogniser.threshold) ?? null;
  const answer = {
    decision,
    similarity: similarity === null ? null : rounded(similarity),
    threshold: recogniser.threshold,
    fmr: point && { value: point.fmr, upper95: point.fmrUpper95, measuredOn: point.measuredOn },
    model: recogniser.id,
    a: report(fileA, a),
    b: report(fileB, b),
  };
  if (json) printJson(answer);
  else printText(answer);
  if (decision !== 'match') answerNegative();
}

type Acquired = Result<ReadPhotograph, AcquisitionError>;

/** A face with something over it is not compared: under one pattern different people look alike to the model. */
export function decide(similarity: number | null, threshold: number, photos: readonly Acquired[]): string {
  if (similarity === null || photos.some((photo) => photo.ok && isCovered(photo.value.problems))) return 'notCompared';
  return similarity >= threshold ? 'match' : 'noMatch';
}

async function acquire(pipeline: FacePipeline, file: string): Promise<Acquired> {
  // One byte more than the decoder takes, so that the decoder says what is wrong.
  return readPhotograph(pipeline, await readInput(file, IMAGE_LIMITS.maxBytes + 1), { liveness: true });
}

export interface PhotographReport {
  readonly file: string;
  /** Why there is no template; null when there is one. */
  readonly error: string | null;
  readonly faces: number;
  readonly quality: Readonly<Record<string, number>> | null;
  /** What the quality gate objects to; empty when it passes. */
  readonly problems: readonly string[];
  readonly liveness: number | null;
  readonly ms: number | null;
}

function report(file: string, acquired: Acquired): PhotographReport {
  const name = basename(file);
  if (!acquired.ok) {
    return { file: name, error: acquired.error.code, faces: 0, quality: null, problems: [], liveness: null, ms: null };
  }
  const { faces, measures, problems, liveness, totalMs } = acquired.value;
  const quality = Object.fromEntries(Object.entries(measures).map(([key, value]) => [key, rounded(value)]));
  const ms = Math.round(totalMs);
  return {
    file: name,
    error: null,
    faces,
    quality,
    problems,
    liveness: liveness === null ? null : rounded(liveness),
    ms,
  };
}

interface Answer {
  readonly decision: string;
  readonly similarity: number | null;
  readonly threshold: number;
  readonly fmr: { readonly value: number; readonly upper95: number; readonly measuredOn: string } | null;
  readonly a: PhotographReport;
  readonly b: PhotographReport;
}

function printText({ decision, similarity, threshold, fmr, a, b }: Answer): void {
  printLine(`${decision}: similarity ${similarity ?? 'none'}, threshold ${threshold}`);
  if (fmr) printLine(`the threshold stands for FMR ${fmr.value} (at most ${fmr.upper95}), ${fmr.measuredOn}`);
  for (const photo of [a, b]) {
    const gate = photo.problems.length === 0 ? 'quality good' : `quality: ${photo.problems.join(', ')}`;
    const text = photo.error ?? `faces ${photo.faces}, ${gate}, liveness ${photo.liveness}, ${photo.ms} ms`;
    printLine(`${photo.file}: ${text}`);
  }
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
