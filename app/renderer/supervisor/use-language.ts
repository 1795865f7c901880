import { useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { CONSOLE_LANGUAGES, type ConsoleLanguage } from './catalogue/catalogues.ts';
import { keepLanguage } from './preferred-language.ts';

/** Keeps the page's language true to the texts; gives the way to the next language. */
export function useLanguage(): () => void {
  const { i18n } = useTranslation();
  useLayoutEffect(() => {
    document.documentElement.lang = i18n.language;
  }, [i18n.language]);
  return () => {
    const at = CONSOLE_LANGUAGES.indexOf(i18n.language as ConsoleLanguage);
    const next = CONSOLE_LANGUAGES[(at + 1) % CONSOLE_LANGUAGES.length] ?? 'en';
    keepLanguage(next);
    void i18n.changeLanguage(next);
  };
}
