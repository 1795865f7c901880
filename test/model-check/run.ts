/**
 * `npm run model-check`: checks the crossing's protocol for G1 to G4 in every order of events, then breaks it on purpose,
 * one mutation after the other, and fails unless each is found. Figures go to `out/model-check.json`.
 * `--no-install`: never calls apt-get. `--only=G1`: one guarantee. `--switch=M_RESUMES`: one mutation.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { MUTATIONS, PROPERTIES } from './checks.ts';
import { missingTools } from './tools.ts';
import { type Verdict, verify } from './verify.ts';

const args = process.argv.slice(2);
const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length) ?? null;
const chosen = <T extends { readonly guarantee: string }>(checks: readonly T[]): readonly T[] =>
  checks.filter(({ guarantee }) => only === null || guarantee === only);
const oneSwitch = args.find((arg) => arg.startsWith('--switch='))?.slice('--switch='.length) ?? null;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const figures = ({ states, transitions, memoryMb, seconds }: Verdict): string =>
  `${states} states, ${transitions} transitions, ${Math.round(memoryMb)} MB, ${seconds.toFixed(1)} s`;

const missing = missingTools(!args.includes('--no-install'));
if (missing !== null) {
  process.stderr.write(`model-check: ${missing}\n`);
  process.exit(3);
}

let failures = 0;
const startedMs = performance.now();

say('Properties, in every order of events');
const properties = [];
for (const check of oneSwitch === null ? chosen(PROPERTIES) : []) {
  const verdict = await verify(check);
  if (verdict.violation !== null) failures += 1;
  say(
    `${verdict.violation === null ? 'holds   ' : 'VIOLATED'} ${check.guarantee} ${check.question}: ${figures(verdict)}`,
  );
  if (verdict.violation !== null) say(`         ${verdict.violation} (switches: ${check.defines.join(' ')})`);
  properties.push({ ...check, ...verdict });
}

say('Mutations, each of which must be caught');
const mutations = [];
for (const mutation of chosen(MUTATIONS).filter(({ defines }) => oneSwitch === null || defines.includes(oneSwitch))) {
  const verdict = await verify(mutation);
  const caught = verdict.violation !== null;
  if (!caught) failures += 1;
  say(`${caught ? 'caught  ' : 'MISSED  '} ${mutation.guarantee} ${mutation.change}: ${figures(verdict)}`);
  if (mutation.asBuiltIn !== null)
    say(`         KNOWN DIFFERENCE: the product is like this today. ${mutation.asBuiltIn}`);
  mutations.push({ ...mutation, caught, ...verdict });
}

const known = mutations.filter(({ asBuiltIn }) => asBuiltIn !== null).length;
const seconds = (performance.now() - startedMs) / 1_000;
const out = new URL('../../out/', import.meta.url);
await mkdir(out, { recursive: true });
const report = {
  at: new Date().toISOString(),
  only,
  seconds,
  failures,
  knownDifferences: known,
  properties,
  mutations,
};
if (oneSwitch === null) await writeFile(new URL('model-check.json', out), `${JSON.stringify(report, null, 2)}\n`);
say(
  `${properties.length} properties, ${mutations.length} mutations, ${known} known differences of the product, ${failures} failures; ${seconds.toFixed(0)} s`,
);
process.exit(failures === 0 ? 0 : 1);
