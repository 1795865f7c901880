import '../ui/base.css';
import '../ui/console.css';
import './styles/frame.css';
import './styles/plan.css';
import './styles/health.css';
import './styles/tests.css';
import './styles/camera.css';
import './styles/trace.css';
import './styles/settings.css';
import './styles/report.css';
import './styles/print.css';
import type { DiagnosticsApi } from '../../contract/window-api.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { windowApi } from '../ui/window-api.ts';
import { DIAGNOSTICS_CATALOGUES } from './catalogue/catalogues.ts';
import { DiagnosticsApp } from './diagnostics-app.tsx';

mount(createTexts(DIAGNOSTICS_CATALOGUES, 'en'), <DiagnosticsApp api={windowApi<DiagnosticsApi>()} />);
