/** Writes every generated page: `npm run pages`. */
import { ARCHITECTURE_PAGE, AUDIT_EVENTS_PAGE, CROSSING_PAGE, MANUAL_PAGES, writePage } from './pages.ts';

for (const page of [CROSSING_PAGE, AUDIT_EVENTS_PAGE, ARCHITECTURE_PAGE, ...MANUAL_PAGES]) await writePage(page);
