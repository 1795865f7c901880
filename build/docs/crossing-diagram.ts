/** Writes `docs/crossing.md` from the crossing machine: `node build/docs/crossing-diagram.ts`. */
import { CROSSING_PAGE, writePage } from './pages.ts';

await writePage(CROSSING_PAGE);
