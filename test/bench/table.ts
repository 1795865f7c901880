import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Figures,
  figuresOf,
  figuresSchema,
  machineClass,
  regressions,
  short,
  storedSchema,
  tableOf,
} from './figures.ts';
import { tableSvg } from './table-svg.ts';

/** `node test/bench/table.ts [--keep]`: one table of what lies in out/bench/. `--keep` commits its figures to this machine's class. */
const OUT = fileURLToPath(new URL('../../out/bench/', import.meta.url));
const STORED = fileURLToPath(new URL('./figures.json', import.meta.url));
const LAST = `${OUT}last.json`;

/** Prints the table, writes table.json and table.svg, gives how many limits are broken. */
export function showTable(keep: boolean): number {
  mkdirSync(OUT, { recursive: true });
  const machine = machineClass();
  const stored = existsSync(STORED) ? storedSchema.parse(readJson(STORED)) : {};
  const last: Figures = existsSync(LAST) ? figuresSchema.parse(readJson(LAST)) : {};
  const rows = tableOf((file) => readJson(`${OUT}${file}.json`), last, stored[machine] ?? {});
  console.log(`\n== table, ${machine}`);
  console.table(
    rows.map(({ step, figure, unit, against, ratio, last: before, worse }) => ({
      step,
      figure: `${short(figure)} ${unit}`,
      'peer or limit': against,
      ratio: ratio === null ? '' : ratio.toFixed(2),
      'last run': before === null ? '' : short(before),
      'against stored':
        worse === null ? '' : `${worse > 0 ? '+' : ''}${(worse * 100).toFixed(0)} % ${worse > 0 ? 'worse' : ''}`,
    })),
  );
  for (const { step, worse } of regressions(rows))
    console.log(`REGRESSION: ${step} is ${((worse ?? 0) * 100).toFixed(0)} % worse than stored for this machine class`);
  const broken = rows.filter(({ holds }) => holds === false);
  for (const { step, figure, against } of broken) console.log(`LIMIT BROKEN: ${step} ${short(figure)}, ${against}`);
  writeFileSync(`${OUT}table.json`, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  writeFileSync(`${OUT}table.svg`, tableSvg(machine, rows));
  writeFileSync(LAST, `${JSON.stringify({ ...last, ...figuresOf(rows) }, null, 2)}\n`);
  if (keep)
    writeFileSync(
      STORED,
      `${JSON.stringify({ ...stored, [machine]: { ...stored[machine], ...figuresOf(rows) } }, null, 2)}\n`,
    );
  return broken.length;
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

if (import.meta.main) process.exit(showTable(process.argv.includes('--keep')) === 0 ? 0 : 1);
