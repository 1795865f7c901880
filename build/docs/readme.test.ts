import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PICTURES } from './pictures.ts';

const ROOT = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', ROOT), 'utf8');

test('every picture is made by the screens’ tests, and every picture made is there', () => {
  const made = PICTURES.map(({ file }) => `docs/pictures/${file}`);
  for (const [, shown = ''] of readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)) expect(made).toContain(shown);
  for (const file of made) expect(existsSync(new URL(file, ROOT)), file).toBe(true);
});

test('every promise names a test or a page of proofs', () => {
  const [, table = ''] = /\| Promise \| Proof \|\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const promises = table.split('\n').slice(1);
  expect(promises.length).toBeGreaterThan(5);
  for (const line of promises) expect(line).toMatch(/\]\([^)]+\.(test|spec)\.ts\)|threat-model\.md|model-check/);
});

test('the folders named are there', () => {
  for (const [, folder = ''] of readme.matchAll(/^\| `(\w[\w-]*)\/` \|/gm))
    expect(existsSync(new URL(folder, ROOT))).toBe(true);
});

test('the officers of the demonstration are those that are named', () => {
  const seed = readFileSync(new URL('app/demo/seed-lane.ts', ROOT), 'utf8');
  const named = [...readme.matchAll(/`([ENP]\d{4})` \((\w+) (\w+)\)/g)];
  expect(named).toHaveLength(3);
  for (const [, number = '', of = '', what = ''] of named)
    expect(seed).toContain(`${number}: '${of}${what.charAt(0).toUpperCase()}${what.slice(1)}'`);
  const [, pin = ''] = /PIN `(\d+)`/.exec(readme) ?? [];
  expect(seed).toContain(`DEMO_PIN = '${pin}'`);
});
