import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LANGUAGES } from '../../app/contract/traveller-view.ts';
import { DIAGNOSTICS_LANGUAGES } from '../../app/renderer/diagnostics/catalogue/catalogues.ts';
import { CONSOLE_LANGUAGES } from '../../app/renderer/supervisor/catalogue/catalogues.ts';
import { CONSOLE_THEMES, WORKBENCH_THEMES } from '../../app/renderer/ui/use-page.ts';
import { findChromium, launchChromium } from './browser.ts';
import { buildPages } from './build-pages.ts';
import { contactSheet } from './contact-sheet.ts';
import { shootDiagnostics } from './diagnostics-photographs.ts';
import {
  type Studio,
  shootBench,
  shootKit,
  shootSupervisor,
  shootTraveller,
  TRAVELLER_SIZES,
  type TravellerSize,
} from './photographs.ts';
import { scriptWindow } from './scripted-window.ts';
import { servePages } from './serve.ts';
import { writeSpecimenFilm } from './specimen-camera.ts';

/**
 * Photographs the screens into out/screenshots/, each folder with a contact sheet beside it. Without options everything:
 * `node test/screens/shoot.ts [--page traveller] [--size portrait] [--language en] [--theme dark] [--comfort largeText] [--only walk]`.
 * Exits 1 when a page reported an error or broke the content security policy.
 */
const { values: options } = parseArgs({
  options: {
    page: { type: 'string', default: 'all' },
    size: { type: 'string', default: 'all' },
    language: { type: 'string', default: 'all' },
    theme: { type: 'string', default: 'all' },
    comfort: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
  },
});

const root = join(import.meta.dirname, '../..');
const out = join(root, 'out/screenshots');
const executable = findChromium();
if (executable === null) {
  process.stderr.write('screenshots: no Chromium found; install one or set JOINTGATE_CHROMIUM\n');
  process.exit(1);
}

function chosen<Name extends string>(asked: string, names: readonly Name[]): readonly Name[] {
  return asked === 'all' ? names : names.filter((name) => name === asked);
}

const complaints: string[] = [];
const folders: string[] = [];
const built = await buildPages();
const server = await servePages(built.folder);
const browser = await launchChromium(executable, await writeSpecimenFilm(join(out, 'specimen.mjpeg')));
try {
  const context = await browser.newContext({ permissions: ['camera'], locale: 'en-GB', timezoneId: 'Asia/Macau' });
  await scriptWindow(context);
  const complain = (complaint: string) => complaints.push(complaint);
  const studio: Studio = { context, url: server.url, out, only: options.only, complain };
  const pages = chosen(options.page, ['kit', 'bench', 'supervisor', 'diagnostics', 'traveller'] as const);
  if (pages.includes('kit')) await shootKit(studio);
  if (pages.includes('bench')) await shootBench(studio);
  for (const theme of pages.includes('supervisor') ? chosen(options.theme, CONSOLE_THEMES) : []) {
    for (const language of chosen(options.language, CONSOLE_LANGUAGES)) {
      folders.push(await shootSupervisor(studio, theme, language));
    }
  }
  for (const theme of pages.includes('diagnostics') ? chosen(options.theme, WORKBENCH_THEMES) : []) {
    for (const language of chosen(options.language, DIAGNOSTICS_LANGUAGES))
      folders.push(await shootDiagnostics(studio, theme, language));
  }
  const sizes = Object.keys(TRAVELLER_SIZES) as TravellerSize[];
  for (const size of pages.includes('traveller') ? chosen(options.size, sizes) : []) {
    for (const language of chosen(options.language, LANGUAGES)) {
      folders.push(await shootTraveller(studio, size, language, options.comfort));
    }
  }
} finally {
  await browser.close();
  server.close();
  await built.remove();
}
for (const folder of folders) process.stdout.write(`${await contactSheet(folder, 360, 5)}\n`);
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
process.exitCode = complaints.length === 0 ? 0 : 1;
