import '../ui/base.css';
import '../ui/console.css';
import '../ui/result-table.css';
import './styles/cockpit.css';
import './styles/lane.css';
import './styles/referral.css';
import './styles/release.css';
import './styles/alarms.css';
import './styles/session.css';
import './styles/query.css';
import './styles/wall.css';
import type { SupervisorApi } from '../../contract/window-api.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { windowApi } from '../ui/window-api.ts';
import { SUPERVISOR_CATALOGUES } from './catalogue/catalogues.ts';
import { hubApi } from './hub-api.ts';
import { preferredLanguage } from './preferred-language.ts';
import { SupervisorApp } from './supervisor-app.tsx';

// Electron's preload has put the API on the window; a browser has none and speaks with the hub that served this page.
const api = 'jointgate' in window ? windowApi<SupervisorApi>() : hubApi();
mount(createTexts(SUPERVISOR_CATALOGUES, preferredLanguage()), <SupervisorApp api={api} />);
