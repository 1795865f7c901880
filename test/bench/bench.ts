import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { showTable } from './table.ts';

/**
 * `npm run bench [-- NAME ..] [--keep]`: every benchmark in a process of its own, one after the other; figures go to out/bench/, and one
 * table of all ends it.
 */
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const asked = process.argv.slice(2).filter((name) => name !== '--keep');
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''))
  .filter((name) => asked.length === 0 || asked.includes(name));
let failed = 0;
for (const name of names) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [`${FOLDER}${name}.bench.ts`], { stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
failed += showTable(process.argv.includes('--keep'));
process.exit(failed === 0 ? 0 : 1);
