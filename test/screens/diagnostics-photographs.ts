import { join } from 'node:path';
import {
  DIAGNOSTICS_LANGUAGES,
  type DiagnosticsLanguage,
} from '../../app/renderer/diagnostics/catalogue/catalogues.ts';
import { PAGES } from '../../app/renderer/diagnostics/pages.ts';
import { WORKBENCH_THEMES } from '../../app/renderer/ui/use-page.ts';
import { diagnosticsView, GATE_SCENES, RUNNING_SCENES } from './diagnostics-views.ts';
import { openPage, photograph, type Studio } from './photographs.ts';
import { pushView } from './scripted-window.ts';

/** Every page and moment of the technician's window in one theme and language; gives the folder. */
export async function shootDiagnostics(
  studio: Studio,
  theme: (typeof WORKBENCH_THEMES)[number],
  language: DiagnosticsLanguage,
): Promise<string> {
  const folder = join(studio.out, 'diagnostics', `${theme}-${language}`);
  const page = await openPage(studio, 'diagnostics', { width: 1440, height: 900 });
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  for (let i = DIAGNOSTICS_LANGUAGES.indexOf(language); i > 0; i--) await page.keyboard.press('l');
  for (let i = WORKBENCH_THEMES.indexOf(theme); i > 0; i--) await page.keyboard.press('t');
  const wanted = (name: string): boolean => name.includes(studio.only);
  for (const { id, key } of PAGES.filter((each) => wanted(each.id))) {
    await page.keyboard.press(key);
    await page.locator(`[data-page="${id}"]`).waitFor();
    await photograph(page, join(folder, `${id}.png`));
  }
  for (const { name, key, view } of RUNNING_SCENES.filter((scene) => wanted(scene.name))) {
    await pushView(page, view);
    await page.keyboard.press(key);
    await page.locator('.running').waitFor();
    await photograph(page, join(folder, `${name}.png`));
  }
  for (const { name, view } of GATE_SCENES.filter((scene) => wanted(scene.name))) {
    await pushView(page, view);
    await page.locator('.gate').waitFor();
    await photograph(page, join(folder, `${name}.png`));
  }
  await page.close();
  return folder;
}
