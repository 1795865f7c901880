import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { err, type Result } from '../../app/contract/result.ts';
import { cosine } from '../face/embed.ts';
import { type PhotographError, type ReadPhotograph, readPhotograph } from '../face/photograph.ts';
import type { FacePipeline } from '../face/pipeline.ts';
import type { Scores } from './error-rates.ts';
import type { ImagePair } from './pairs-file.ts';

export type AcquisitionError = PhotographError | { readonly code: 'fileUnreadable' };

/** Photographs of a data set, each read once however many pairs it is in. Templates stay in memory until `clear`. */
export class PhotoSet {
  readonly #pipeline: FacePipeline;
  readonly #root: string;
  readonly #liveness: boolean;
  readonly #read = new Map<string, Result<ReadPhotograph, AcquisitionError>>();

  constructor(pipeline: FacePipeline, root: string, wish: { readonly liveness: boolean }) {
    this.#pipeline = pipeline;
    this.#root = root;
    this.#liveness = wish.liveness;
  }

  /** `file` is relative to the set's folder. */
  async photograph(file: string): Promise<Result<ReadPhotograph, AcquisitionError>> {
    const known = this.#read.get(file);
    if (known) return known;
    const bytes = await readFile(resolve(this.#root, file)).catch(() => undefined);
    const result: Result<ReadPhotograph, AcquisitionError> = bytes
      ? await readPhotograph(this.#pipeline, bytes, { liveness: this.#liveness })
      : err({ code: 'fileUnreadable' });
    this.#read.set(file, result);
    return result;
  }

  /** Everything that was read so far, by file. */
  get all(): ReadonlyMap<string, Result<ReadPhotograph, AcquisitionError>> {
    return this.#read;
  }

  clear(): void {
    for (const photograph of this.#read.values()) if (photograph.ok) photograph.value.embedding.fill(0);
    this.#read.clear();
  }
}

/** Similarities of the pairs whose photographs were both acquired; `gated`: and both passed the quality gate. */
export function scorePairs(photos: PhotoSet, pairs: readonly ImagePair[], gated: boolean): Scores {
  const scores = { same: [] as number[], different: [] as number[] };
  for (const { a, b, same } of pairs) {
    const one = photos.all.get(a);
    const other = photos.all.get(b);
    if (!one?.ok || !other?.ok) continue;
    if (gated && one.value.problems.length + other.value.problems.length > 0) continue;
    scores[same ? 'same' : 'different'].push(cosine(one.value.embedding, other.value.embedding));
  }
  return scores;
}

/** Nearest-rank percentile, `share` 0..1; null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}
