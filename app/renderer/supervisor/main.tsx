import '../ui/base.css';
import '../ui/console.css';
import './styles/cockpit.css';
import './styles/lane.css';
import './styles/referral.css';
import './styles/alarms.css';
import type { SupervisorApi } from '../../contract/window-api.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { windowApi } from '../ui/window-api.ts';
import { en } from './catalogue/en.ts';
import { SupervisorApp } from './supervisor-app.tsx';

mount(createTexts({ en }, 'en'), <SupervisorApp api={windowApi<SupervisorApi>()} />);
