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
const seconds = (): number => Math.round((performance.now() - startedMs) / 1_000);
const killsAt: Record<string, number> = {};
let seen = 0;

/** Also on the way: a run of half an hour that is broken off has seen what it has seen. */
function write(figures: object): void {
  mkdirSync('out/chaos', { recursive: true });
  const common = { at: new Date().toISOString(), wanted: kills, seconds: seconds(), cores: availableParallelism() };
  writeFileSync('out/chaos/lane.json', `${JSON.stringify({ ...common, ...figures }, null, 2)}\n`);
}

const report = await killLane({
  folder,
  kills,
  onKill: ({ number, at, flaws }) => {
    killsAt[at] = (killsAt[at] ?? 0) + 1;
    seen = number;
    if (flaws.length === 0 && number % 10 !== 0) return;
    write({ complete: false, kills: seen, killsAt, flaws });
    const words = flaws.length === 0 ? 'all guarantees hold' : flaws.join('; ');
    process.stdout.write(`kill ${number} of ${kills}, ${at}: ${words}\n`);
  },
});
write({ complete: true, ...report });
if (option('folder') === undefined && report.flaws.length === 0) rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${report.kills} kills at ${Object.keys(report.killsAt).length} places, ${report.records} records, ${report.passed} passed as the door counted ${report.walkedThrough}, ${report.flaws.length} flaws; ${seconds()} s\n`,
);
process.exit(report.flaws.length === 0 && report.kills >= kills ? 0 : 1);
