import { expect, test } from 'vitest';
import { unwrap } from '../app/contract/result.ts';
import { rateOf } from './evaluation/error-rates.ts';
import builtIn from './manifest.json' with { type: 'json' };
import { activeModel, parseManifest, readManifest } from './manifest.ts';

const parse = (change: (manifest: typeof builtIn) => unknown) =>
  parseManifest(JSON.stringify(change(structuredClone(builtIn))));

test('the built-in manifest holds an active model for each role', async () => {
  const manifest = unwrap(await readManifest());
  expect(activeModel(manifest, 'recogniser').id).toBe(manifest.active.recogniser);
});

test('the threshold in use stands for a stated FMR of at most 1e-3, upper end included', async () => {
  const { threshold, operatingPoints } = activeModel(unwrap(await readManifest()), 'recogniser');
  const point = operatingPoints.find((candidate) => candidate.threshold === threshold);
  expect(point?.fmrUpper95).toBeLessThanOrEqual(1e-3);
  // The interval of 10 false matches among 18,917 pairs, as the manifest says it.
  expect(point?.fmrUpper95).toBeCloseTo(rateOf(10, 18_917).high, 4);
});

test.each([
  ['no JSON', () => parseManifest('{')],
  ['an active model that is not there', () => parse((m) => ({ ...m, active: { ...m.active, pose: 'none' } }))],
  ['an active model of another role', () => parse((m) => ({ ...m, active: { ...m.active, pose: m.active.eyes } }))],
  [
    'a way out of the model folder',
    () =>
      parse((m) => ({
        ...m,
        models: m.models.map((x) => ({ ...x, source: { ...x.source, file: 'model/../../x.onnx' } })),
      })),
  ],
  ['a hash that is none', () => parse((m) => ({ ...m, models: m.models.map((x) => ({ ...x, sha256: 'abc' })) }))],
  ['a field nobody knows', () => parse((m) => ({ ...m, extra: 1 }))],
  ['a later version', () => parse((m) => ({ ...m, version: 2 }))],
  [
    'channels without a mean',
    () =>
      parse((m) => ({
        ...m,
        models: m.models.map((x) => ({ ...x, input: { ...x.input, layout: { ...x.input.layout, mean: [] } } })),
      })),
  ],
])('refused: %s', (_name, make) => {
  expect(make()).toMatchObject({ ok: false, error: { code: 'manifestInvalid' } });
});
