import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../contract/traveller-view.ts';
import { flattenCatalogue } from '../../ui/flatten-catalogue.ts';
import { ONLY_SIMPLIFIED, ONLY_TRADITIONAL } from '../../ui/han-scripts.ts';
import { TRAVELLER_CATALOGUES } from './catalogues.ts';

const HAN = /\p{Script=Han}/u;
const LATIN_WORD = /[A-Za-zÀ-ÿ]{2,}/;
const leaves = (language: (typeof LANGUAGES)[number]) => flattenCatalogue(TRAVELLER_CATALOGUES[language]);
const withoutSlots = (text: string) => text.replaceAll(/\{\{\w+\}\}/g, '');

describe('traveller catalogues', () => {
  it.each(LANGUAGES)('%s has the keys of English, none empty', (language) => {
    expect(leaves(language).map(([path]) => path)).toEqual(leaves('en').map(([path]) => path));
    expect(leaves(language).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each(LANGUAGES)('%s has the same slots as English in each text', (language) => {
    const slots = ([path, text]: [string, string]) => [
      path,
      [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort(),
    ];
    expect(leaves(language).map(slots)).toEqual(leaves('en').map(slots));
  });

  it.each(['zh-Hant', 'zh-Hans'] as const)('%s is written in Han characters only', (language) => {
    for (const [path, text] of leaves(language)) {
      expect(withoutSlots(text), path).toMatch(HAN);
      expect(withoutSlots(text), path).not.toMatch(LATIN_WORD);
    }
  });

  it('keeps the two Chinese scripts apart', () => {
    for (const [path, text] of leaves('zh-Hant')) {
      expect(text, path).not.toMatch(ONLY_SIMPLIFIED);
    }
    for (const [path, text] of leaves('zh-Hans')) expect(text, path).not.toMatch(ONLY_TRADITIONAL);
  });

  it.each(['pt', 'en'] as const)('%s has no Han character', (language) => {
    for (const [path, text] of leaves(language)) expect(text, path).not.toMatch(HAN);
  });

  it('leaves no English in Portuguese but names', () => {
    const english = new Map(leaves('en'));
    const same = leaves('pt').filter(([path, text]) => english.get(path) === text);
    expect(same.map(([path]) => path)).toEqual(['places.HKG']);
  });

  it.each(LANGUAGES)('%s never exclaims', (language) => {
    for (const [path, text] of leaves(language)) expect(text, path).not.toMatch(/[!！]/);
  });
});
