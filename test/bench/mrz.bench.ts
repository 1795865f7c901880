import { mkdirSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parse } from 'mrz';
import { parseMRZ } from 'mrz-fast';
import { unwrap } from '../../app/contract/result.ts';
import { readMrz } from '../../app/documents/mrz/read-mrz.ts';
import { SPECIMENS } from '../../app/documents/mrz/specimens.fixture.ts';
import { writeMrz } from '../../app/documents/mrz/write-mrz.ts';

// Documents a second, in one thread: ours and the npm packages `mrz` and `mrz-fast` on the same valid passports in one run
// (they read fewer formats, so passports are what can be compared), then ours on everything else it reads.

export interface BenchRow {
  readonly name: string;
  readonly perSecond: number;
  /** Times `mrz-fast` on the same sample; `null` where it does not read the sample. */
  readonly ratioToMrzFast: number | null;
}

type Lines = readonly string[];
type Reader = (lines: Lines) => { readonly valid: boolean };

const TODAY = { year: 2026, month: 3, day: 31 };
const SAMPLE_SIZE = 500;
const ROUNDS = 15;
/** Long enough for a steady figure, short enough that a busy machine disturbs all readers alike. */
const ROUND_MS = 60;

const jointgate: Reader = (lines) => readMrz(lines, { today: TODAY });
const mrzFast: Reader = (lines) => parseMRZ([lines[0]!, lines[1]!]);
const mrz: Reader = (lines) => parse([...lines]);

export async function run(): Promise<BenchRow[]> {
  const passports = passportSample();
  const readers = { jointgate, mrzFast, mrz };
  for (const [name, reader] of Object.entries(readers)) {
    if (!passports.every((lines) => reader(lines).valid)) throw new Error(`${name} does not accept the whole sample`);
  }
  const speed = compare(readers, passports);
  const rows: BenchRow[] = [
    { name: 'TD3, jointgate', perSecond: speed.jointgate, ratioToMrzFast: speed.jointgate / speed.mrzFast },
    { name: 'TD3, mrz-fast 1.0.9', perSecond: speed.mrzFast, ratioToMrzFast: 1 },
    { name: 'TD3, mrz 5.0.2', perSecond: speed.mrz, ratioToMrzFast: speed.mrz / speed.mrzFast },
  ];
  const misread = passports.map((lines) =>
    lines.map((line) => line.replace(/(\d{6}\d[MF])/, (date) => date.replace('0', 'O'))),
  );
  const alone = compare({ allFormats: jointgate }, SPECIMENS).allFormats;
  const repaired = compare({ repaired: jointgate }, misread).repaired;
  rows.push({ name: 'one of each format, jointgate', perSecond: alone, ratioToMrzFast: null });
  rows.push({
    name: 'TD3 with a look-alike error, repair proposed, jointgate',
    perSecond: repaired,
    ratioToMrzFast: null,
  });
  return rows;
}

/** Readers take turns in short rounds, so that what else the machine does falls on each; the median round counts. */
function compare<Name extends string>(
  readers: Readonly<Record<Name, Reader>>,
  sample: readonly Lines[],
): Record<Name, number> {
  const names = Object.keys(readers) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) measure(readers[name], sample);
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) figures[name].push(measure(readers[name], sample));
  return Object.fromEntries(names.map((name) => [name, median(figures[name])])) as Record<Name, number>;
}

/** What the optimiser must not leave out: it cannot know that nobody looks. */
let accepted = 0;

function measure(reader: Reader, sample: readonly Lines[]): number {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < ROUND_MS) {
    for (const lines of sample) if (reader(lines).valid) accepted++;
    count += sample.length;
    elapsed = performance.now() - start;
  }
  return (count / elapsed) * 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Made-up passports of states that all three readers know, the same in every run. */
function passportSample(): Lines[] {
  const states = ['GBR', 'SWE', 'CZE', 'CHN', 'SGP', 'FIN'] as const;
  const surnames = ['SPECIMEN', 'MUSTERMANN', 'ERIKSSON', 'VAN DER STEEN', 'CESHI'] as const;
  const names = ['ANNA MARIA', 'PETER JOHN', 'YANGBEN', 'MARIANNE LOUISE', 'VZOR'] as const;
  return Array.from({ length: SAMPLE_SIZE }, (_, i) => {
    const state = states[i % states.length]!;
    return unwrap(
      writeMrz({
        format: 'TD3',
        documentCode: 'P',
        issuingState: state,
        documentNumber: `L${String(10_000_000 + i * 7919).slice(0, 8)}`,
        nationality: state,
        birthDate: `${String(50 + (i % 49))}0${1 + (i % 9)}1${i % 10}`,
        sex: i % 2 === 0 ? 'F' : 'M',
        expiryDate: `3${i % 5}0${1 + (i % 9)}2${i % 9}`,
        primaryIdentifier: surnames[i % surnames.length]!,
        secondaryIdentifier: names[(i * 3) % names.length]!,
        optionalData: i % 3 === 0 ? '' : `ZE${184226 + i}B`,
        optionalData2: '',
        nativeName: null,
        permit: null,
        longNumberInput: null,
      }),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await run();
  const folder = fileURLToPath(new URL('../../out/bench/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}mrz.json`, `${JSON.stringify({ node: process.version, rows, accepted }, null, 2)}\n`);
  console.table(
    rows.map(({ name, perSecond, ratioToMrzFast }) => ({
      name,
      'documents/s': Math.round(perSecond),
      'times mrz-fast': ratioToMrzFast === null ? '' : ratioToMrzFast.toFixed(2),
    })),
  );
}
