import { describe, expect, it } from 'vitest';
import { AUDIT_EVENTS } from '../../../contract/audit-events.ts';
import { flattenCatalogue } from '../../ui/flatten-catalogue.ts';
import { ONLY_SIMPLIFIED, ONLY_TRADITIONAL } from '../../ui/han-scripts.ts';
import { CONSOLE_LANGUAGES, SUPERVISOR_CATALOGUES } from './catalogues.ts';
import { en } from './en.ts';

const leaves = (language: (typeof CONSOLE_LANGUAGES)[number]) => flattenCatalogue(SUPERVISOR_CATALOGUES[language]);

describe('supervisor catalogues', () => {
  it('takes the English text of every event from the registry', () => {
    for (const [id, { text }] of Object.entries(AUDIT_EVENTS))
      expect(en.events[id as keyof typeof en.events]).toBe(text);
  });

  it.each(CONSOLE_LANGUAGES)('%s has the keys and slots of English, none empty', (language) => {
    const shape = ([path, text]: [string, string]) => [
      path,
      [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort(),
    ];
    const sorted = (list: [string, string][]) => list.map(shape).sort(([a], [b]) => String(a).localeCompare(String(b)));
    expect(sorted(leaves(language))).toEqual(sorted(leaves('en')));
    expect(leaves(language).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each(['zh-Hant', 'zh-Hans'] as const)(
    '%s leaves nothing in English but the names of the standards',
    (language) => {
      for (const [path, text] of leaves(language)) {
        const rest = text.replaceAll(/\{\{\w+\}\}|EF\.\w+|CSCA|95%|[AB] 區|[AB] 区/g, '');
        expect(rest, path).not.toMatch(/[A-Za-z]{2,}/);
        expect(rest, path).toMatch(/\p{Script=Han}/u);
      }
    },
  );

  it('leaves no sentence of Portuguese in English', () => {
    const english = new Map(leaves('en'));
    // Words that both languages have.
    const same = new Set(['places', 'roles.auditor', 'viewers']);
    for (const [path, text] of leaves('pt')) if (!same.has(path)) expect(text, path).not.toBe(english.get(path));
  });

  it('keeps the two Chinese scripts apart', () => {
    for (const [path, text] of leaves('zh-Hant')) expect(text, path).not.toMatch(ONLY_SIMPLIFIED);
    for (const [path, text] of leaves('zh-Hans')) expect(text, path).not.toMatch(ONLY_TRADITIONAL);
  });
});
