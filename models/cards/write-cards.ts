import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unwrap } from '../../app/contract/result.ts';
import { readManifest } from '../manifest.ts';
import { type MeasuredFigures, modelCard } from './model-card.ts';

// `node models/cards/write-cards.ts [out/bench/face.json]`: takes over the figures of a bench run, if one is named, and
// writes a card for each model of the manifest.
const here = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));
const [benchFile] = process.argv.slice(2);
if (benchFile !== undefined) {
  const { sets, pad, padRates } = JSON.parse(readFileSync(benchFile, 'utf8')) as MeasuredFigures;
  // Milliseconds depend on what else the machine did; rates do not.
  const rates = sets.map((figures) => ({ ...figures, ms: undefined }));
  writeFileSync(here('measured.json'), `${JSON.stringify({ sets: rates, pad, padRates }, null, 1)}\n`);
}
if (!existsSync(here('measured.json'))) throw new Error('no figures yet: name the output of test/bench/face.bench.ts');
const measured = JSON.parse(readFileSync(here('measured.json'), 'utf8')) as MeasuredFigures;
const manifest = unwrap(await readManifest());
for (const model of manifest.models) {
  writeFileSync(here(`${model.id}.md`), modelCard(model, measured));
}
