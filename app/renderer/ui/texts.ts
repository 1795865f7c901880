import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** A catalogue: texts in a tree, leaves are sentences. */
export interface Catalogue {
  readonly [key: string]: string | Catalogue;
}

/**
 * One i18next instance with all catalogues in memory: ready at once and never loading anything.
 * There is no fallback language: a missing key must fail a test, not show another language to a traveller.
 */
export function createTexts(catalogues: Readonly<Record<string, Catalogue>>, language: string): i18n {
  const texts = i18next.createInstance();
  void texts.use(initReactI18next).init({
    resources: Object.fromEntries(
      Object.entries(catalogues).map(([name, catalogue]) => [name, { translation: catalogue }]),
    ),
    lng: language,
    fallbackLng: false,
    load: 'currentOnly',
    initAsync: false,
    // React escapes; a second escaping would show `&amp;` to people.
    interpolation: { escapeValue: false },
  });
  return texts;
}
