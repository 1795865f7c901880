/**
 * `npm run chaos`: kills a real lane process at every journal step and at random moments, restarts it, and after each kill asks
 * every guarantee of both sides' data. `--kills=300`, `--folder=DIR` (kept, to be looked at). Figures: `out/chaos/lane.json`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { killLane } from './kill-lane.ts';

const option = (name: string): string | undefined =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const kills = Number(option('kills') ?? 300);
const folder = option('folder') ?? mkdtempSync(join(tmpdir(), 'jointgate-chaos-'));

const startedMs = performance.now();
const report = await killLane({
  folder,
  kills,
  onKill: ({ number, at, flaws }) => {
    if (flaws.length > 0 || number % 10 === 0)
      process.stdout.write(
        `kill ${number} of ${kills}, ${at}: ${flaws.length === 0 ? 'all guarantees hold' : flaws.join('; ')}\n`,
      );
  },
});
const seconds = Math.round((performance.now() - startedMs) / 1_000);
mkdirSync('out/chaos', { recursive: true });
const figures = { at: new Date().toISOString(), seconds, cores: availableParallelism(), ...report };
writeFileSync('out/chaos/lane.json', `${JSON.stringify(figures, null, 2)}\n`);
if (option('folder') === undefined && report.flaws.length === 0) rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${report.kills} kills at ${Object.keys(report.killsAt).length} places, ${report.records} records, ${report.passed} passed as the door counted ${report.walkedThrough}, ${report.flaws.length} flaws; ${seconds} s\n`,
);
process.exit(report.flaws.length === 0 && report.kills >= kills ? 0 : 1);
