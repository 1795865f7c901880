import '../ui/base.css';
import '../ui/console.css';
import './styles/bench.css';
import './styles/specimens.css';
import './styles/plan.css';
import type { BenchApi } from '../../contract/window-api.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { windowApi } from '../ui/window-api.ts';
import { BenchApp } from './bench-app.tsx';
import { en } from './catalogue/en.ts';

mount(createTexts({ en }, 'en'), <BenchApp api={windowApi<BenchApi>()} />);
