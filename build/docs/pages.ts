import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import layers from '../layers/layers.json' with { type: 'json' };
import { architecturePage, layersSchema } from './architecture-page.ts';
import { auditEventsPage } from './audit-events-page.ts';
import { crossingPage } from './crossing-page.ts';
import { eventsPage, screensPage } from './manual-pages.ts';
import { MANUAL_LANGUAGES } from './manual-words.ts';
import { loadAuditRegistry, loadCatalogues, loadCrossing } from './product.ts';

export interface GeneratedPage {
  /** From the repository's root. */
  readonly file: string;
  /** The command that writes it. */
  readonly command: string;
  render(): Promise<string>;
}

export const CROSSING_PAGE: GeneratedPage = {
  file: 'docs/crossing.md',
  command: 'node build/docs/crossing-diagram.ts',
  render: async () => crossingPage(await loadCrossing()),
};
export const AUDIT_EVENTS_PAGE: GeneratedPage = {
  file: 'docs/audit-events.md',
  command: 'node build/docs/audit-events.ts',
  render: async () => auditEventsPage(await loadAuditRegistry()),
};

export const ARCHITECTURE_PAGE: GeneratedPage = {
  file: 'docs/architecture.md',
  command: 'node build/docs/architecture.ts',
  render: () => {
    const parsed = layersSchema.parse(layers);
    const own = (room: string): URL => new URL(`../../${room}/README.md`, import.meta.url);
    return Promise.resolve(architecturePage(parsed, (room) => existsSync(own(room))));
  },
};
export const MANUAL_PAGES: readonly GeneratedPage[] = MANUAL_LANGUAGES.flatMap((language) => [
  {
    file: `docs/manual/${language}/alarms-and-events.md`,
    command: 'node build/docs/manual.ts',
    render: async () => eventsPage(language, await loadAuditRegistry(), (await loadCatalogues(language)).console),
  },
  {
    file: `docs/manual/${language}/screens.md`,
    command: 'node build/docs/manual.ts',
    render: async () => {
      const catalogues = await loadCatalogues(language);
      return screensPage(language, catalogues.traveller, catalogues.console);
    },
  },
]);

const urlOf = ({ file }: GeneratedPage): URL => new URL(`../../${file}`, import.meta.url);

export async function writePage(page: GeneratedPage): Promise<void> {
  await mkdir(new URL('.', urlOf(page)), { recursive: true });
  await writeFile(urlOf(page), await page.render());
  process.stdout.write(`${page.file} is written\n`);
}

/** As it lies in the repository. */
export function readPage(page: GeneratedPage): Promise<string> {
  return readFile(urlOf(page), 'utf8');
}
