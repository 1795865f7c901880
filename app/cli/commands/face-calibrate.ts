import { ratesAt, thresholdForFmr } from '../../../models/evaluation/error-rates.ts';
import { halves } from '../../../models/evaluation/pairs-file.ts';
import { PhotoSet, scorePairs } from '../../../models/evaluation/photo-set.ts';
import type { FacePipeline } from '../../../models/face/pipeline.ts';
import { activeModel } from '../../../models/manifest.ts';
import { answerNegative, printJson, printNote } from '../io.ts';
import { readPairs } from './face-pairs.ts';

/**
 * `jointgate face calibrate`: the threshold is chosen on the pairs of one half of the people and reported on those of
 * the other half, so the rates are not those of the data it was fitted to. Prints an operating point for the manifest.
 */
export async function calibrate(pipeline: FacePipeline, file: string, root: string, fmr: number): Promise<void> {
  const pairs = await readPairs(file);
  const photos = new PhotoSet(pipeline, root, { liveness: false });
  for (const { a, b } of pairs) {
    await photos.photograph(a);
    await photos.photograph(b);
  }
  const [choosing, reporting] = halves(pairs).map((half) => scorePairs(photos, half, true)) as [Scored, Scored];
  photos.clear();
  const threshold = thresholdForFmr(choosing.different, fmr);
  // Fewer different-person pairs than 1/FMR can't show that rate, let alone stay below it.
  if (threshold === undefined || choosing.different.length * fmr < 1 || reporting.same.length === 0) {
    printNote(`too few pairs for FMR ${fmr}: ${choosing.different.length} of different people to choose on`);
    printJson({ threshold: null, choosing: counts(choosing), reporting: counts(reporting) });
    answerNegative();
    return;
  }
  const rounded = Math.ceil(threshold * 1000) / 1000;
  const point = ratesAt(reporting, rounded);
  printJson({
    model: activeModel(pipeline.manifest, 'recogniser').id,
    threshold: rounded,
    wantedFmr: fmr,
    choosing: counts(choosing),
    reporting: { ...counts(reporting), fmr: point.fmr, fnmr: point.fnmr },
    operatingPoint: {
      threshold: rounded,
      fmr: point.fmr.value,
      fmrUpper95: point.fmr.high,
      fnmr: point.fnmr.value,
      measuredOn: `${reporting.same.length}/${reporting.different.length} pairs of people the threshold was not chosen on`,
    },
  });
}

type Scored = ReturnType<typeof scorePairs>;
const counts = ({ same, different }: Scored): object => ({ same: same.length, different: different.length });
