import { once } from 'node:events';
import { type ErrorRates, errorRates, type OperatingPoint, ratesAt } from '../../../models/evaluation/error-rates.ts';
import { type ImagePair, parsePairs } from '../../../models/evaluation/pairs-file.ts';
import { PhotoSet, percentile, scorePairs } from '../../../models/evaluation/photo-set.ts';
import { cosine } from '../../../models/face/embed.ts';
import type { FacePipeline } from '../../../models/face/pipeline.ts';
import { activeModel } from '../../../models/manifest.ts';
import { readInput, usageFailure } from '../io.ts';
import { decide } from './face-compare.ts';

const MAX_PAIRS_BYTES = 256 * 1024 * 1024;

/** `jointgate face pairs`: one JSON line a pair, in order, and a last line with the rates. */
export async function measurePairs(pipeline: FacePipeline, file: string, root: string): Promise<void> {
  const pairs = await readPairs(file);
  const photos = new PhotoSet(pipeline, root, { liveness: true });
  const { threshold } = activeModel(pipeline.manifest, 'recogniser');
  for (const pair of pairs) await printLineOf(await pairLine(photos, pair, threshold));
  await printLineOf(summary(photos, pairs, threshold));
  photos.clear();
}

export async function readPairs(file: string): Promise<readonly ImagePair[]> {
  const parsed = parsePairs((await readInput(file, MAX_PAIRS_BYTES)).toString('utf8'));
  if (!parsed.ok) throw usageFailure(`${file} line ${parsed.error.line}: ${parsed.error.detail}`);
  return parsed.value;
}

async function pairLine(photos: PhotoSet, { a, b, same }: ImagePair, threshold: number): Promise<object> {
  const one = await photos.photograph(a);
  const other = await photos.photograph(b);
  const errors = { a: one.ok ? null : one.error.code, b: other.ok ? null : other.error.code };
  if (!one.ok || !other.ok) return { a, b, same, similarity: null, decision: 'notCompared', errors };
  const similarity = cosine(one.value.embedding, other.value.embedding);
  return {
    a,
    b,
    same,
    similarity: rounded(similarity),
    decision: decide(similarity, threshold, [one, other]),
    problems: { a: one.value.problems, b: other.value.problems },
    liveness: { a: roundedOrNull(one.value.liveness), b: roundedOrNull(other.value.liveness) },
  };
}

function summary(photos: PhotoSet, pairs: readonly ImagePair[], threshold: number): object {
  const images = [...photos.all];
  const failed = images.filter(([, photo]) => !photo.ok);
  const acquired = images.flatMap(([, photo]) => (photo.ok ? [photo.value] : []));
  const ms = acquired.map(({ totalMs }) => totalMs);
  const all = scorePairs(photos, pairs, false);
  const gated = scorePairs(photos, pairs, true);
  return {
    summary: true,
    pairs: pairs.length,
    ...ratesLine(errorRates(all), ratesAt(all, threshold)),
    failuresToAcquire: {
      images: failed.length,
      of: images.length,
      rate: images.length === 0 ? null : rounded(failed.length / images.length),
      files: failed.slice(0, 100).map(([file, photo]) => ({ file, code: photo.ok ? null : photo.error.code })),
    },
    qualityGate: {
      rejectedImages: acquired.filter(({ problems }) => problems.length > 0).length,
      ...ratesLine(errorRates(gated), ratesAt(gated, threshold)),
    },
    ms: { median: rounded(percentile(ms, 0.5) ?? 0), p95: rounded(percentile(ms, 0.95) ?? 0) },
  };
}

function ratesLine(rates: ErrorRates, atThreshold: OperatingPoint): object {
  return {
    same: rates.samePairs,
    different: rates.differentPairs,
    auc: rates.auc,
    eer: rates.eer,
    fnmrAtFmr: Object.fromEntries(
      rates.fnmrAtFmr.map(({ fmr, point }) => [
        fmr === 0 ? '0' : fmr.toExponential(),
        point && {
          fnmr: point.fnmr.value,
          low: point.fnmr.low,
          high: point.fnmr.high,
          threshold: rounded(point.threshold),
        },
      ]),
    ),
    atThreshold,
  };
}

/** Waits when the reader of our output is slower than we are: a million lines must not pile up in memory. */
async function printLineOf(value: object): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await once(process.stdout, 'drain');
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));
