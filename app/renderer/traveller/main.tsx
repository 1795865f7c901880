import '../ui/base.css';
import './styles/screen.css';
import './styles/sizes.css';
import './styles/track.css';
import './styles/pictures.css';
import './styles/mirror.css';
import type { TravellerApi } from '../../contract/window-api.ts';
import { mount } from '../ui/mount.tsx';
import { createTexts } from '../ui/texts.ts';
import { windowApi } from '../ui/window-api.ts';
import { TRAVELLER_CATALOGUES } from './catalogue/catalogues.ts';
import { TravellerApp } from './traveller-app.tsx';

mount(createTexts(TRAVELLER_CATALOGUES, 'zh-Hant'), <TravellerApp api={windowApi<TravellerApi>()} />);
