import { useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

export type Theme = 'dark' | 'light' | 'contrast';
/** In the order in which the key goes through them. A control room is dark; a workbench stands in daylight. */
export const CONSOLE_THEMES = ['dark', 'light', 'contrast'] as const satisfies readonly Theme[];
export const WORKBENCH_THEMES = ['light', 'dark', 'contrast'] as const satisfies readonly Theme[];

/** The page begins with the first of `themes`; gives the way to the next. */
export function useTheme(themes: readonly [Theme, ...Theme[]]): () => void {
  const [theme, setTheme] = useState(themes[0]);
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return () => setTheme((now) => themes[(themes.indexOf(now) + 1) % themes.length] ?? themes[0]);
}

/** Keeps the page's language true to the texts; gives the way to the next of `languages`, which `keep` may write down. */
export function useLanguage<L extends string>(
  languages: readonly [L, ...L[]],
  keep: (language: L) => void = () => undefined,
): () => void {
  const { i18n } = useTranslation();
  useLayoutEffect(() => {
    document.documentElement.lang = i18n.language;
  }, [i18n.language]);
  return () => {
    const names: readonly string[] = languages;
    const next = languages[(names.indexOf(i18n.language) + 1) % languages.length] ?? languages[0];
    keep(next);
    void i18n.changeLanguage(next);
  };
}
