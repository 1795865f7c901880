/** Writes the generated pages of the operator manual in both languages: `node build/docs/manual.ts`. */
import { MANUAL_PAGES, writePage } from './pages.ts';

for (const page of MANUAL_PAGES) await writePage(page);
