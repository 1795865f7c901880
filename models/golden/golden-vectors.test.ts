import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { DEFAULT_MODEL_ROOT } from '../face/model-files.ts';
import { closePipeline, type FacePipeline, openPipeline } from '../face/pipeline.ts';
import { type ModelManifest, readManifest } from '../manifest.ts';
import { checkGoldenVectors } from './golden-vectors.ts';

let manifest: ModelManifest;
let pipeline: FacePipeline;
beforeAll(async () => {
  manifest = unwrap(await readManifest());
  pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
});
afterAll(() => closePipeline(pipeline));

test('every model gives here what it gave where the vectors were made', async () => {
  const findings = await checkGoldenVectors(pipeline);
  expect(findings.map(({ role }) => role).sort()).toEqual([
    'detector',
    'eyes',
    'landmarks',
    'pose',
    'presentationAttack',
    'recogniser',
  ]);
  for (const finding of findings) expect(finding).toMatchObject({ outcome: 'agrees' });
});

test('wrong preprocessing is noticed: another colour order, another scale', async () => {
  const models = manifest.models.map((model) => {
    if (model.role === 'recogniser')
      return { ...model, input: { ...model.input, layout: { ...model.input.layout, order: 'bgr' as const } } };
    if (model.role === 'landmarks')
      return { ...model, input: { ...model.input, layout: { ...model.input.layout, scale: [128] } } };
    return model;
  });
  const wrong = unwrap(
    await openPipeline({ manifest: { ...manifest, models }, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }),
  );
  const findings = await checkGoldenVectors(wrong);
  await closePipeline(wrong);
  expect(
    findings
      .filter(({ outcome }) => outcome === 'differs')
      .map(({ role }) => role)
      .sort(),
  ).toEqual(['landmarks', 'recogniser']);
});

test('a second recogniser is configured by manifest alone; without vectors it is said, not passed', async () => {
  const active = manifest.models.find(({ role }) => role === 'recogniser')!;
  const second = { ...active, id: 'site-recogniser', threshold: 0.7 };
  const other = {
    ...manifest,
    models: [...manifest.models, second],
    active: { ...manifest.active, recogniser: second.id },
  } as ModelManifest;
  const opened = unwrap(await openPipeline({ manifest: other, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
  expect(opened.sessions.recogniser.model).toMatchObject({ id: 'site-recogniser', threshold: 0.7 });
  const findings = await checkGoldenVectors(opened);
  await closePipeline(opened);
  expect(findings.find(({ role }) => role === 'recogniser')).toMatchObject({ outcome: 'notStored' });
});
