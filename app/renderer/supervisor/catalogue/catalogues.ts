import { en } from './en.ts';
import { pt } from './pt.ts';
import type { SupervisorCatalogue } from './shape.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

/** The console's languages in the order its key goes through them. */
export const CONSOLE_LANGUAGES = ['en', 'zh-Hant', 'zh-Hans', 'pt'] as const;
export type ConsoleLanguage = (typeof CONSOLE_LANGUAGES)[number];

export const SUPERVISOR_CATALOGUES: Readonly<Record<ConsoleLanguage, SupervisorCatalogue>> = {
  en,
  'zh-Hant': zhHant,
  'zh-Hans': zhHans,
  pt,
};
