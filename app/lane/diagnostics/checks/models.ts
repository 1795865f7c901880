import { closePipeline, openPipeline } from '../../../../models/face/pipeline.ts';
import { checkGoldenVectors } from '../../../../models/golden/golden-vectors.ts';
import { readManifest } from '../../../../models/manifest.ts';
import { type Found, found } from './timed.ts';

/** Opens every model by its hash and compares what it gives for the golden picture with what it gave elsewhere. Seconds of work. */
export async function checkModels(modelRoot: string): Promise<Found> {
  const manifest = await readManifest();
  if (!manifest.ok) return found('failed', manifest.error.code);
  const opened = await openPipeline({ manifest: manifest.value, modelRoot, threads: 1 });
  if (!opened.ok) return found('failed', opened.error.code, { model: opened.error.model });
  try {
    const findings = await checkGoldenVectors(opened.value);
    const facts = Object.fromEntries(
      findings.map(({ model, outcome, worst }) => [
        model.slice(0, 40),
        outcome === 'notStored' ? outcome : `${outcome} ${worst.toExponential(1)}`,
      ]),
    );
    if (findings.some(({ outcome }) => outcome === 'differs')) return found('failed', 'modelDiffers', facts);
    if (findings.some(({ outcome }) => outcome === 'notStored')) return found('warning', 'noGoldenVector', facts);
    return found('passed', null, facts);
  } finally {
    await closePipeline(opened.value);
  }
}
