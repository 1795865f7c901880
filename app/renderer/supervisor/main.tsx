import '../ui/base.css';
import '../ui/console.css';
import './styles/cockpit.css';
import './styles/lane.css';
import './styles/referral.css';
import './styles/alarms.css';
import './styles/session.css';
import './styles/query.css';
import './styles/wall.css';
import type { SupervisorApi } from '../../contract/window-api.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { windowApi } from '../ui/window-api.ts';
import { SUPERVISOR_CATALOGUES } from './catalogue/catalogues.ts';
import { SupervisorApp } from './supervisor-app.tsx';

mount(createTexts(SUPERVISOR_CATALOGUES, 'en'), <SupervisorApp api={windowApi<SupervisorApi>()} />);
