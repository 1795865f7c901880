import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm run bench [NAME ..]`: every benchmark in a process of its own, one after the other; figures go to out/bench/. */
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const asked = process.argv.slice(2);
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
process.exit(failed === 0 ? 0 : 1);
