import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { readManifest } from '../manifest.ts';
import { type MeasuredFigures, modelCard } from './model-card.ts';

const read = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

test('every card says what manifest and measured figures say now (else: node models/cards/write-cards.ts)', async () => {
  const measured = JSON.parse(read('measured.json')) as MeasuredFigures;
  for (const model of unwrap(await readManifest()).models)
    expect(read(`${model.id}.md`)).toBe(modelCard(model, measured));
});
