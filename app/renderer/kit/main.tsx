import '../ui/base.css';
import '../ui/console.css';
import '../supervisor/styles/lane.css';
import '../supervisor/styles/referral.css';
import '../supervisor/styles/alarms.css';
import '../supervisor/styles/session.css';
import '../supervisor/styles/query.css';
import '../supervisor/styles/wall.css';
import '../traveller/styles/track.css';
import '../traveller/styles/pictures.css';
import '../traveller/styles/picture-documents.css';
import '../traveller/styles/picture-signs.css';
import '../traveller/styles/mirror.css';
import './kit.css';
import { SUPERVISOR_CATALOGUES } from '../supervisor/catalogue/catalogues.ts';
import { TRAVELLER_CATALOGUES } from '../traveller/catalogue/catalogues.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { KitPage } from './kit-page.tsx';

// The kit shows parts of two pages at once, so it has the texts of both; where they share a key the station names are the same.
mount(createTexts({ en: { ...TRAVELLER_CATALOGUES.en, ...SUPERVISOR_CATALOGUES.en } }, 'en'), <KitPage />);
