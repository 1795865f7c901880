/** Writes `docs/audit-events.md` from the audit event registry: `node build/docs/audit-events.ts`. */
import { AUDIT_EVENTS_PAGE, writePage } from './pages.ts';

await writePage(AUDIT_EVENTS_PAGE);
