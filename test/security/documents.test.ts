import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ATTACKERS = [
  'A traveller',
  'A hostile chip',
  'A hostile USB device',
  'An officer of either side',
  'A stolen or opened lane',
  'A hostile network',
];

interface Row {
  readonly threat: string;
  readonly file: string;
  /** Words that must stand in the file; null where the file itself is the proof. */
  readonly words: string | null;
}

/** Every row of every table, by its last cell: a link and, in quotes, words of the file behind it. */
function rowsOf(page: string): readonly Row[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (---|Threat|#)/.test(line));
  return rows.map((line) => {
    const cells = line.split(' | ');
    const [, target = '', words = null] = /\]\(([^)]+)\)(?: "([^"]+)")?/.exec(cells.at(-1) ?? '') ?? [];
    expect(target, line).not.toBe('');
    expect(
      cells.every((cell) => cell.replace('|', '').trim() !== ''),
      line,
    ).toBe(true);
    return { threat: cells[0] ?? '', file: join(ROOT, dirname(page), target), words };
  });
}

describe.each(['docs/threat-model.md', 'docs/electron-checklist.md'])('%s', (page) => {
  test.each(rowsOf(page))('$threat is proved by what it names', ({ file, words }) => {
    expect(existsSync(file), file).toBe(true);
    if (words !== null) expect(readFileSync(file, 'utf8')).toContain(words);
  });
});

test('every attacker has a chapter with threats in it, and the checklist its twenty lines', () => {
  const chapters = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8').split('\n## ').slice(1);
  for (const attacker of ATTACKERS) {
    const chapter = chapters.find((one) => one.startsWith(attacker));
    expect(chapter, attacker).toBeDefined();
    expect(chapter?.split('\n').filter((line) => line.startsWith('| ')).length).toBeGreaterThan(5);
  }
  expect(rowsOf('docs/electron-checklist.md')).toHaveLength(20);
});

const sourcesOf = (folder: string): string =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n');

test.each([
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'enableBlinkFeatures',
  'openExternal',
  'loadFile',
  'disable-web-security',
  'ignore-certificate-errors',
])('main never uses %s', (word) => {
  // Named once: in the list of switches that a field lane refuses.
  const main = sourcesOf('app/main').replace(/FOREIGN_SWITCHES = \[[^\]]*\]/, '');
  expect(main).not.toContain(word);
  expect(main, 'the words are looked for where they would stand').toContain('webPreferences');
});

test('attaching a webview is prevented: will-attach-webview', () => {
  expect(sourcesOf('app/main')).toMatch(/on\('will-attach-webview', \(event\) => event\.preventDefault\(\)\)/);
});

test('a preload exposes named functions only, and never ipcRenderer itself', () => {
  const preload = sourcesOf('app/preload');
  expect(preload).toContain('contextBridge');
  expect(preload).not.toMatch(/exposeInMainWorld\([^,]+,\s*ipcRenderer\b/);
  expect(preload).not.toMatch(/:\s*ipcRenderer\s*[,}]/);
});
