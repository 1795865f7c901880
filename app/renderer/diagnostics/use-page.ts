import { useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DIAGNOSTICS_LANGUAGES, type DiagnosticsLanguage } from './catalogue/catalogues.ts';

/** Keeps the page's language true to the texts; gives the way to the next language. */
export function useLanguage(): () => void {
  const { i18n } = useTranslation();
  useLayoutEffect(() => {
    document.documentElement.lang = i18n.language;
  }, [i18n.language]);
  return () => {
    const at = DIAGNOSTICS_LANGUAGES.indexOf(i18n.language as DiagnosticsLanguage);
    void i18n.changeLanguage(DIAGNOSTICS_LANGUAGES[(at + 1) % DIAGNOSTICS_LANGUAGES.length]);
  };
}

/** A workbench stands in daylight: it begins bright. */
export const THEMES = ['light', 'dark', 'contrast'] as const;

export function useTheme(): () => void {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>('light');
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return () => setTheme((now) => THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] ?? 'light');
}
