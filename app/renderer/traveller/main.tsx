import '../ui/base.css';
import './styles/screen.css';
import './styles/sizes.css';
import './styles/track.css';
import './styles/two-sides.css';
import './styles/pictures.css';
import './styles/picture-documents.css';
import './styles/picture-signs.css';
import './styles/mirror.css';
import { LANGUAGES, type Language } from '../../contract/traveller-view.ts';
import type { TravellerApi } from '../../contract/window-api.ts';
import { flattenCatalogue } from '../ui/flatten-catalogue.ts';
import { loadFonts } from '../ui/load-fonts.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { windowApi } from '../ui/window-api.ts';
import { TRAVELLER_CATALOGUES } from './catalogue/catalogues.ts';
import { TravellerApp } from './traveller-app.tsx';

const FIRST_LANGUAGE: Language = 'zh-Hant';

const allTexts = (language: Language): string =>
  flattenCatalogue(TRAVELLER_CATALOGUES[language])
    .map(([, text]) => text)
    .join('');

// All languages at once: a traveller who changes the language must not wait for its letters.
await Promise.all(LANGUAGES.map((language) => loadFonts(language, allTexts(language))));
mount(createTexts(TRAVELLER_CATALOGUES, FIRST_LANGUAGE), <TravellerApp api={windowApi<TravellerApi>()} />);
