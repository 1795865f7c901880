import { useTranslation } from 'react-i18next';
import { LANGUAGES, type Language } from '../../contract/traveller-view.ts';
import { TRAVELLER_CATALOGUES } from './catalogue/catalogues.ts';

interface LanguageBarProps {
  readonly shown: Language;
  readonly onChoose: (language: Language) => void;
}

/** One button a language, each in its own script, always in the same place and in the same order. */
export function LanguageBar({ shown, onChoose }: LanguageBarProps) {
  const { t } = useTranslation();
  return (
    <nav className="language-bar" aria-label={t('labels.languages')}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          className="language-button"
          aria-pressed={language === shown}
          onClick={() => onChoose(language)}
        >
          {TRAVELLER_CATALOGUES[language].languageName}
        </button>
      ))}
    </nav>
  );
}
