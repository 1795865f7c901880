import { LANGUAGES } from '../../contract/traveller-view.ts';
import { TRAVELLER_CATALOGUES } from './catalogue/catalogues.ts';

/** "One scan for both controls" in all languages at once: whoever comes next finds theirs. */
export function AttractLines() {
  return (
    <ul className="attract-lines">
      {LANGUAGES.map((language) => (
        <li key={language} lang={language}>
          {TRAVELLER_CATALOGUES[language].oneScan}
        </li>
      ))}
    </ul>
  );
}
