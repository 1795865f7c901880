import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECK_IDS } from '../../../contract/crossing.ts';
import { SELF_CHECK_IDS } from '../../../contract/diagnostics-checks.ts';
import { SETTING_IDS } from '../../../contract/diagnostics-settings.ts';
import { MACHINE_EVENTS } from '../../../contract/diagnostics-view.ts';
import { SERVICE_REASONS } from '../../../lane/service.ts';
import { flattenCatalogue } from '../../ui/flatten-catalogue.ts';
import { ONLY_SIMPLIFIED, ONLY_TRADITIONAL } from '../../ui/han-scripts.ts';
import { DIAGNOSTICS_CATALOGUES, DIAGNOSTICS_LANGUAGES } from './catalogues.ts';

type Language = (typeof DIAGNOSTICS_LANGUAGES)[number];
const leaves = (language: Language) => flattenCatalogue(DIAGNOSTICS_CATALOGUES[language]);

/** Product names, standards, units and codes that stay as they are in every language. */
const STANDARD = /\{\{\w+\}\}|EF\.\w+|CSCA|SHA-256|UTC|MB|\bms\b|kB|95 ?%|[AB] ?[區区]/g;

describe('diagnostics catalogues', () => {
  it.each(DIAGNOSTICS_LANGUAGES)('%s has the keys and slots of English, none empty', (language) => {
    const shape = ([path, text]: [string, string]) =>
      `${path} ${[...text.matchAll(/\{\{(\w+)\}\}/g)]
        .map((match) => match[1])
        .sort()
        .join(' ')}`;
    expect(leaves(language).map(shape).sort()).toEqual(leaves('en').map(shape).sort());
    expect(leaves(language).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each(['zh-Hant', 'zh-Hans'] as const)('%s leaves nothing in English but standards and units', (language) => {
    for (const [path, text] of leaves(language)) {
      const rest = text.replaceAll(STANDARD, '');
      expect(rest, path).not.toMatch(/[A-Za-z]{2,}/);
      expect(rest, path).toMatch(/\p{Script=Han}/u);
    }
  });

  it('keeps the two Chinese scripts apart', () => {
    for (const [path, text] of leaves('zh-Hant')) expect(text, path).not.toMatch(ONLY_SIMPLIFIED);
    for (const [path, text] of leaves('zh-Hans')) expect(text, path).not.toMatch(ONLY_TRADITIONAL);
  });

  it('Portuguese is no copy of English, but for words that are the same', () => {
    const english = new Map(leaves('en'));
    const same = leaves('pt').filter(
      ([path, text]) => text === english.get(path) && /[a-z]{4}/i.test(text.replaceAll(STANDARD, '')),
    );
    expect(same.map(([path]) => path)).toEqual(['tests.soundVolume', 'factNames.totalMb']);
  });

  it('has words for every check, setting, event and reason of the contract', () => {
    const { selfChecks, documentChecks, settings, events, reasons } = DIAGNOSTICS_CATALOGUES.en;
    expect(Object.keys(selfChecks).sort()).toEqual([...SELF_CHECK_IDS].sort());
    expect(Object.keys(documentChecks).sort()).toEqual([...CHECK_IDS].sort());
    expect(Object.keys(settings.names).sort()).toEqual([...SETTING_IDS].sort());
    expect(Object.keys(events).sort()).toEqual([...MACHINE_EVENTS].sort());
    for (const reason of SERVICE_REASONS) expect(Object.keys(reasons)).toContain(reason);
  });

  it('has words for every code that the self-test and the tests can give', () => {
    const folder = join(import.meta.dirname, '../../../lane/diagnostics');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const given = [
      ...sources.matchAll(/found\(\s*(?:needed \? )?'\w+'(?: : '\w+')?,\s*'(\w+)'/g),
      ...sources.matchAll(/failed\('(\w+)', door\)/g),
      ...sources.matchAll(/code: '(\w+)'/g),
      ...sources.matchAll(/\? '(\w+)'\s*$/gm),
    ].map((match) => match[1] ?? '');
    expect(given.length).toBeGreaterThan(40);
    const known = Object.keys(DIAGNOSTICS_CATALOGUES.en.codes);
    const notCodes = ['bundleUnwritable', 'requestInvalid'];
    expect([...new Set(given)].filter((code) => !known.includes(code) && !notCodes.includes(code))).toEqual([]);
  });
});
