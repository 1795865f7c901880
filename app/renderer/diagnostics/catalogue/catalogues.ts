import { LANGUAGES } from '../../../contract/traveller-view.ts';
import { codesEn, eventsEn, factsEn } from './codes-en.ts';
import { codesPt, eventsPt, factsPt } from './codes-pt.ts';
import { codesZhHans, eventsZhHans, factsZhHans } from './codes-zh-hans.ts';
import { codesZhHant, eventsZhHant, factsZhHant } from './codes-zh-hant.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';
import type { DiagnosticsCatalogue } from './shape.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

/** The window's languages in the order its key goes through them. */
export const DIAGNOSTICS_LANGUAGES = ['en', ...LANGUAGES.filter((language) => language !== 'en')] as const;
export type DiagnosticsLanguage = (typeof LANGUAGES)[number];

export const DIAGNOSTICS_CATALOGUES: Readonly<Record<DiagnosticsLanguage, DiagnosticsCatalogue>> = {
  en: { ...en, codes: codesEn, factNames: factsEn, events: eventsEn },
  'zh-Hant': { ...zhHant, codes: codesZhHant, factNames: factsZhHant, events: eventsZhHant },
  'zh-Hans': { ...zhHans, codes: codesZhHans, factNames: factsZhHans, events: eventsZhHans },
  pt: { ...pt, codes: codesPt, factNames: factsPt, events: eventsPt },
};
