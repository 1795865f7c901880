import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { linksOf } from './check-links.ts';
import { MANUAL_LANGUAGES } from './manual-words.ts';

// The other pages of the manual are generated. That links lead somewhere is seen in check-links.test.ts.
const WRITTEN = ['officer', 'port', 'technician'] as const;

interface Section {
  readonly title: string;
  readonly proofs: readonly string[];
}

function sectionsOf(language: string, page: string): readonly Section[] {
  const text = readFileSync(
    fileURLToPath(new URL(`../../docs/manual/${language}/${page}.md`, import.meta.url)),
    'utf8',
  );
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf('\n')),
      proofs: linksOf(section).filter((target) => /\.(test|spec)\.ts$/.test(target)),
    }));
}

test.each(WRITTEN)('every section of “%s” names the tests that prove it, in both languages', (page) => {
  const [first, ...others] = MANUAL_LANGUAGES.map((language) => sectionsOf(language, page));
  expect(first?.filter(({ proofs }) => proofs.length === 0)).toEqual([]);
  for (const other of others) expect(other.map(({ proofs }) => proofs)).toEqual(first?.map(({ proofs }) => proofs));
});
