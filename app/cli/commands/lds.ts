import { statSync } from 'node:fs';
import { Command } from 'commander';
import type { Check } from '../../contract/crossing.ts';
import { completeChecks } from '../../documents/lds/checks.ts';
import { BUNDLED_DEFECTS, type DefectList, readDefectList } from '../../documents/lds/defects.ts';
import { readLdsFolder } from '../../documents/lds/files-on-disk.ts';
import { authenticatePassively, type PassiveAuthentication } from '../../documents/lds/passive-authentication.ts';
import { importTrustPath } from '../../documents/lds/pki/trust-files.ts';
import { TrustStore } from '../../documents/lds/pki/trust-store.ts';
import { answerNegative, callerPath, printJson, printLine, printNote, readInput, usageFailure } from '../io.ts';

interface VerifyOptions {
  readonly trust: readonly string[];
  readonly at?: string;
  readonly defects?: string;
  readonly json?: true;
}

/** `jointgate lds verify DIR`: passive authentication of files that were read before. */
export function buildCommand(): Command {
  const verify = new Command('verify')
    .summary('passive authentication of EF_*.bin files')
    .description('Verifies the EF.SOD signature, its chain to a trusted authority and the hash of every data group.')
    .argument('<dir>', 'folder with EF_COM.bin, EF_SOD.bin, EF_DG1.bin, ..')
    .option('--trust <path...>', 'certificate, folder of certificates, PKD LDIF or master list', [])
    .option('--at <date>', 'day of reading, YYYY-MM-DD (default: today)')
    .option('--defects <file>', 'defect list (JSON) instead of the one that comes with the software')
    .option('--json', 'one JSON object on standard output')
    .action(runVerify);
  return new Command('lds').description('Works on the files of a chip without the chip.').addCommand(verify);
}

async function runVerify(dir: string, options: VerifyOptions): Promise<void> {
  const folder = callerPath(dir);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw usageFailure(`no such folder: ${dir}`);
  const { files, unreadable } = readLdsFolder(folder);
  if (files.size === 0 && unreadable.size === 0) throw usageFailure(`no EF_*.bin file in ${dir}`);
  const store = loadTrust(options.trust);
  const defects = await loadDefects(options.defects);
  const result = authenticatePassively({ files, unreadable, store, defects, at: readingTime(options.at) });
  const checks = completeChecks(result.checks, 'notPartOfThisCommand');
  const isValid = result.checks.every(({ outcome }) => outcome === 'passed');
  if (options.json) printJson({ valid: isValid, ...result, checks, trust: store.counts() });
  else printText(isValid, result.checks, result);
  if (!isValid) answerNegative();
}

/** Fills a store from the paths of `--trust`; what a source refused goes to standard error. */
export function loadTrust(paths: readonly string[]): TrustStore {
  const store = new TrustStore();
  for (const path of paths) {
    const imported = importTrustPath(store, callerPath(path));
    if (!imported.ok) throw usageFailure(`trust source ${path}: ${imported.error.code}`);
    for (const report of imported.value) {
      if (report.problems.length > 0) printNote(`${report.path}: ${[...new Set(report.problems)].join(', ')}`);
    }
  }
  return store;
}

async function loadDefects(path: string | undefined): Promise<DefectList> {
  if (path === undefined) return BUNDLED_DEFECTS;
  const list = readDefectList((await readInput(path, 4 * 1024 * 1024)).toString('utf8'));
  if (!list.ok) throw usageFailure(`defect list ${path}: ${list.error.what}`);
  return list.value;
}

/** Noon UTC of the given day, so that no time zone moves it to another one. */
export function readingTime(day: string | undefined): Date {
  if (day === undefined) return new Date();
  const date = new Date(`${day}T12:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(date.getTime());
  if (!isDay || date.toISOString().slice(0, 10) !== day) throw usageFailure(`not a day (YYYY-MM-DD): ${day}`);
  return date;
}

function printText(isValid: boolean, checks: readonly Check[], result: PassiveAuthentication): void {
  printLine(isValid ? 'The files are authentic.' : 'The files are NOT proved authentic.');
  printChecks(checks);
  for (const { name, outcome, reason } of result.dataGroups)
    printLine(`  ${name.padEnd(28)} ${outcome} ${reason ?? ''}`);
  if (result.signer) printLine(`signed by ${result.signer.country ?? '?'} ${result.signer.commonName ?? ''}`);
}

export function printChecks(checks: readonly Check[]): void {
  for (const { id, outcome, reason } of checks) printLine(`  ${id.padEnd(28)} ${outcome} ${reason ?? ''}`.trimEnd());
}
