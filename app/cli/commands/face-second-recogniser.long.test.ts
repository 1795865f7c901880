import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { activeModel, type ModelManifest, readManifest } from '../../../models/manifest.ts';
import { unwrap } from '../../contract/result.ts';
import { cutPortrait, liveFrames } from '../../demo/specimens/specimens.ts';
import { spawnCli } from '../spawn-cli.ts';

// What a site does that brings a recogniser of its own: name it in a manifest, calibrate it on its own photographs, write the
// threshold into the manifest, measure. npm brings no second one, so the same weights under another id and other preprocessing
// stand in for it; whatever the thresholds are, they come from the run.
const SECOND = 'site-recogniser';
const PEOPLE = ['p01', 'p02', 'p03', 'p04', 'p05', 'p06', 'p07', 'p08', 'p09', 'p10'] as const;
const face = (person: string, kind: 'portrait' | 'live'): string => (person === 'p01' ? `p01-${kind}` : person);

let folder: string;
let builtIn: ModelManifest;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jointgate-second-'));
  builtIn = unwrap(await readManifest());
  for (const person of PEOPLE) {
    await writeFile(join(folder, `${person}.jpg`), await cutPortrait(face(person, 'portrait')));
    const scene = { kind: 'person', face: face(person, 'live') } as const;
    const [live] = await liveFrames(scene, { count: 1, width: 640, height: 480 });
    await sharp(live!.data, { raw: { width: 640, height: 480, channels: 4 } })
      .png({ compressionLevel: 1 })
      .toFile(join(folder, `${person}.png`));
  }
  const pairs = PEOPLE.flatMap((a) => PEOPLE.map((b) => `${a}.jpg,${b}.png,${a === b ? 1 : 0}`));
  await writeFile(join(folder, 'pairs.csv'), `file_a,file_b,same\n${pairs.join('\n')}\n`);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

async function manifestWith(threshold: number, operatingPoints: readonly object[]): Promise<string> {
  const first = activeModel(builtIn, 'recogniser');
  const layout = { order: 'bgr', mean: [127, 127, 127], scale: [140, 140, 140] };
  const second = { ...first, id: SECOND, input: { ...first.input, layout }, threshold, operatingPoints };
  const manifest = {
    ...builtIn,
    models: [...builtIn.models, second],
    active: { ...builtIn.active, recogniser: SECOND },
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return join(folder, 'manifest.json');
}

test('a second recogniser is calibrated and measured by manifest alone, with a threshold of its own', async () => {
  // Before it is calibrated nothing matches.
  const uncalibrated = ['--manifest', await manifestWith(1, [])];
  const onPairs = [join(folder, 'pairs.csv'), '--root', folder];
  const calibrated = await spawnCli(['face', 'calibrate', ...onPairs, '--fmr', '0.1', ...uncalibrated]);
  expect(calibrated).toMatchObject({ code: 0, stderr: '' });
  const { model, threshold, operatingPoint, choosing } = JSON.parse(calibrated.stdout);
  expect(model).toBe(SECOND);
  expect(choosing.different).toBe(20);
  expect(threshold).toBeLessThan(activeModel(builtIn, 'recogniser').threshold);

  const inUse = ['--manifest', await manifestWith(threshold, [operatingPoint])];
  const measured = await spawnCli(['face', 'pairs', ...onPairs, ...inUse]);
  const lines = measured.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const compared = lines.slice(0, -1);
  expect(compared).toHaveLength(100);
  for (const { similarity, decision } of compared) {
    // Printed with four digits: what lies on the threshold may be told either way.
    if (decision === 'notCompared' || Math.abs(similarity - threshold) < 1e-4) continue;
    expect(decision).toBe(similarity >= threshold ? 'match' : 'noMatch');
  }
  expect(lines.at(-1)).toMatchObject({ summary: true, same: 10, different: 90, atThreshold: { threshold } });

  const photographs = [join(folder, 'p03.jpg'), join(folder, 'p03.png')];
  const second = JSON.parse((await spawnCli(['face', 'compare', '--json', ...photographs, ...inUse])).stdout);
  const first = JSON.parse((await spawnCli(['face', 'compare', '--json', ...photographs])).stdout);
  expect(second).toMatchObject({ model: SECOND, threshold, fmr: { measuredOn: operatingPoint.measuredOn } });
  expect(first.threshold).not.toBe(threshold);
  // Another model's word, not the first one's under another name.
  expect(second.similarity).not.toBe(first.similarity);
}, 120_000);
