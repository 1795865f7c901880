import { CONSOLE_LANGUAGES, type ConsoleLanguage } from './catalogue/catalogues.ts';

const KEY = 'jointgate.console.language';

/** The language this console was last used in; a word about the machine's user, never about a traveller. */
export function preferredLanguage(): ConsoleLanguage {
  try {
    const kept = localStorage.getItem(KEY);
    return CONSOLE_LANGUAGES.find((name) => name === kept) ?? 'en';
  } catch {
    // A browser that keeps nothing: the console begins in English.
    return 'en';
  }
}

export function keepLanguage(language: string): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // As above.
  }
}
