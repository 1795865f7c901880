import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIGURES, regressions, storedSchema, tableOf } from './figures.ts';

const files: Readonly<Record<string, unknown>> = {
  record: { commit: { p95Ms: 1.2 }, rawFsync: { p95Ms: 0.4 }, crossingsPerSecond: 100 },
  launch: { readyMs: { median: 3_600 } },
};
const table = (stored: Readonly<Record<string, number>>) =>
  tableOf((file) => files[file] ?? null, { 'record, crossings': 90 }, stored);
const row = (step: string, stored: Readonly<Record<string, number>> = {}) =>
  table(stored).find((one) => one.step === step);

test('a figure stands beside its peer or limit and beside the last run', () => {
  expect(row('record, commit p95')).toMatchObject({ against: 'bare fsync 0.400', holds: null });
  expect(row('record, commit p95')?.ratio).toBeCloseTo(3);
  expect(row('program, start to ready')).toMatchObject({ ratio: 1.2, holds: false });
  expect(row('record, crossings')).toMatchObject({ last: 90, against: '' });
});

test('what was not measured has no line', () => {
  expect(row('face, one frame median')).toBeUndefined();
});

test('more than a fifth worse than the stored figure is a regression, whichever way is better', () => {
  expect(regressions(table({ 'record, commit p95': 1.05, 'record, crossings': 110 }))).toEqual([]);
  const found = regressions(table({ 'record, commit p95': 0.9, 'record, crossings': 130 }));
  expect(found.map(({ step }) => step)).toEqual(['record, commit p95', 'record, crossings']);
});

test('every line has a benchmark of its own, and the committed figures name lines that exist', () => {
  const names = readdirSync(new URL('.', import.meta.url));
  for (const { file } of FIGURES) expect(names).toContain(`${file}.bench.ts`);
  const stored = new URL('./figures.json', import.meta.url);
  expect(existsSync(stored)).toBe(true);
  const steps = FIGURES.map(({ step }) => step);
  for (const figures of Object.values(storedSchema.parse(JSON.parse(readFileSync(stored, 'utf8')))))
    for (const step of Object.keys(figures)) expect(steps).toContain(step);
});
