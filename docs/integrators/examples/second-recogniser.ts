import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, type Result } from '../../../app/contract/result.ts';
import {
  activeModel,
  type ManifestError,
  type ModelManifest,
  type ModelOf,
  parseManifest,
} from '../../../models/manifest.ts';

/** What the supplier of another recogniser tells, and what was measured with it. */
export interface Candidate {
  readonly id: string;
  /** Package and file below the models' folder. */
  readonly package: string;
  readonly file: string;
  readonly threshold: number;
  readonly measured: { readonly fmr: number; readonly fmrUpper95: number; readonly fnmr: number; readonly on: string };
}

/**
 * The manifest with another recogniser in use. The digest is taken of the file once, here; from then on the lane refuses any other
 * bytes. Input and output are those of the recogniser in use: a model with others names its own.
 */
export function withRecogniser(
  manifest: ModelManifest,
  candidate: Candidate,
  modelRoot: string,
): Result<ModelManifest, ManifestError> {
  const current: ModelOf<'recogniser'> = activeModel(manifest, 'recogniser');
  if (candidate.id === current.id) return err({ code: 'manifestInvalid', detail: `${candidate.id} is in use already` });
  const bytes = readFileSync(join(modelRoot, candidate.package, candidate.file));
  const { fmr, fmrUpper95, fnmr, on } = candidate.measured;
  const entry = {
    ...current,
    id: candidate.id,
    source: { ...current.source, package: candidate.package, file: candidate.file },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    threshold: candidate.threshold,
    operatingPoints: [{ threshold: candidate.threshold, fmr, fmrUpper95, fnmr, measuredOn: on }],
  };
  // Through text, so that what is written to disk and what was checked are the same.
  return parseManifest(
    JSON.stringify({
      ...manifest,
      models: [...manifest.models, entry],
      active: { ...manifest.active, recogniser: candidate.id },
    }),
  );
}
