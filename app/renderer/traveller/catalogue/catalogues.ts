import type { Language } from '../../../contract/traveller-view.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';
import type { TravellerCatalogue } from './shape.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

export const TRAVELLER_CATALOGUES: Readonly<Record<Language, TravellerCatalogue>> = {
  'zh-Hant': zhHant,
  'zh-Hans': zhHans,
  pt,
  en,
};
