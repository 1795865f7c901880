import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unwrap } from '../../../app/contract/result.ts';
import { cutPortrait } from '../../../app/demo/specimens/specimens.ts';
import { FaceEngine } from '../../../models/face/face-engine.ts';
import { DEFAULT_MODEL_ROOT, readVerifiedModel } from '../../../models/face/model-files.ts';
import { activeModel, readManifest } from '../../../models/manifest.ts';
import { withRecogniser } from './second-recogniser.ts';

const CANDIDATE = {
  id: 'example-recogniser',
  package: 'faceplugin-face-recognition-js',
  file: 'model/fr_feature.onnx',
  threshold: 0.6,
  measured: { fmr: 0.0005, fmrUpper95: 0.0009, fnmr: 0.04, on: 'specimen pairs of the example' },
};

test('the manifest names the new model, its digest and its threshold, and a lane loads it', async () => {
  const manifest = unwrap(withRecogniser(unwrap(await readManifest()), CANDIDATE, DEFAULT_MODEL_ROOT));
  const model = activeModel(manifest, 'recogniser');
  expect(model).toMatchObject({ id: 'example-recogniser', threshold: 0.6 });
  expect((await readVerifiedModel(model, DEFAULT_MODEL_ROOT)).ok).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-models-'));
  const manifestPath = join(folder, 'manifest.json');
  writeFileSync(manifestPath, JSON.stringify(manifest));
  const engine = unwrap(await FaceEngine.start({ manifestPath }));
  onTestFinished(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });
  expect((await engine.setReference('traveller', await cutPortrait('p01-portrait'))).ok).toBe(true);
});

test('other bytes under its name are refused', async () => {
  const manifest = unwrap(withRecogniser(unwrap(await readManifest()), CANDIDATE, DEFAULT_MODEL_ROOT));
  const model = { ...activeModel(manifest, 'recogniser'), sha256: '0'.repeat(64) };
  expect(await readVerifiedModel(model, DEFAULT_MODEL_ROOT)).toMatchObject({ error: { code: 'modelHashMismatch' } });
});

test('a threshold that no measurement stands for is no manifest', async () => {
  const wild = { ...CANDIDATE, threshold: 7 };
  expect(withRecogniser(unwrap(await readManifest()), wild, DEFAULT_MODEL_ROOT).ok).toBe(false);
});
