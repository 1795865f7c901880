/** Writes `docs/architecture.md` from the layer rule: `node build/docs/architecture.ts`. */
import { ARCHITECTURE_PAGE, writePage } from './pages.ts';

await writePage(ARCHITECTURE_PAGE);
