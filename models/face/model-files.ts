import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ModelEntry } from '../manifest.ts';

export type ModelFileError =
  | { readonly code: 'modelMissing'; readonly model: string }
  | { readonly code: 'modelHashMismatch'; readonly model: string };

/**
 * Where model files are looked for when nobody says: `node_modules` of this checkout, seen from the sources
 * (`models/face`) and from a flat bundle (`dist/lane`) alike.
 */
export const DEFAULT_MODEL_ROOT = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * The bytes of a model, proven to be the ones the manifest names. The session is made from these bytes, not from the
 * path, so that a file changed in between can't slip in. Looked for as `ROOT/PACKAGE/FILE`, then as `ROOT/NAME.onnx`.
 */
export async function readVerifiedModel(
  model: ModelEntry,
  modelRoot: string,
): Promise<Result<Uint8Array, ModelFileError>> {
  const places = [
    join(modelRoot, model.source.package, model.source.file),
    join(modelRoot, basename(model.source.file)),
  ];
  for (const place of places) {
    const bytes = await readFile(place).catch(() => undefined);
    if (!bytes) continue;
    const digest = createHash('sha256').update(bytes).digest('hex');
    return digest === model.sha256 ? ok(bytes) : err({ code: 'modelHashMismatch', model: model.id });
  }
  return err({ code: 'modelMissing', model: model.id });
}
