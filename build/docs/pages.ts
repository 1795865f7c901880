import { readFile, writeFile } from 'node:fs/promises';
import { auditEventsPage } from './audit-events-page.ts';
import { crossingPage } from './crossing-page.ts';
import { loadAuditRegistry, loadCrossing } from './product.ts';

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

const urlOf = ({ file }: GeneratedPage): URL => new URL(`../../${file}`, import.meta.url);

export async function writePage(page: GeneratedPage): Promise<void> {
  await writeFile(urlOf(page), await page.render());
  process.stdout.write(`${page.file} is written\n`);
}

/** As it lies in the repository. */
export function readPage(page: GeneratedPage): Promise<string> {
  return readFile(urlOf(page), 'utf8');
}
