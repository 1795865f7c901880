import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { SIDES, type Side } from '../../contract/crossing.ts';
import { type Receipt, receiptSchema } from '../../record/receipt.ts';
import { exportCopies } from '../../record/verify/export-copies.ts';
import { exportRecordFile } from '../../record/verify/export-file.ts';
import { type KeyRing, keyRingSchema } from '../../record/verify/public-keys.ts';
import { type Reconciliation, reconcileRecordFile } from '../../record/verify/reconcile-file.ts';
import { readKeyRing, type Verification, verifyRecordFile } from '../../record/verify/verify-file.ts';
import { answerNegative, callerPath, fault, printJson, readInput, usageFailure } from '../io.ts';
import { printReconciliation, printVerification } from './record-text.ts';

const POSTGRES = /^postgres(ql)?:\/\//;
const MAX_KEYS_BYTES = 1_000_000;
const MAX_RECEIPTS_BYTES = 64_000_000;

interface VerifyArgs {
  readonly keys?: string;
  readonly receipts?: string;
  readonly json?: true;
}

interface PeriodArgs {
  readonly from: string;
  readonly to: string;
}

export function buildCommand(): Command {
  const command = new Command('record').description('Verify, export and reconcile a lane’s joint record.');
  command
    .command('verify')
    .description('check chain, checkpoints, receipts, commits and both sides’ rows; exit code 1 with a finding')
    .argument('<db>', 'the lane’s file, which may be in use, or a port’s postgres:// address (one verdict a lane)')
    .option('--keys <file>', 'JSON with the public keys of lane, exit and entry, from elsewhere than the lane’s disk')
    .option('--receipts <file>', 'receipts a side has kept, one JSON object a line: each must stand in the journal')
    .option('--json', 'one JSON object on standard output')
    .action(verify);
  command
    .command('keys')
    .description(
      'the public keys the record names itself, as --keys reads them: compare with the owners’, keep elsewhere',
    )
    .argument('<db>')
    .action(keys);
  command
    .command('export')
    .description('the records as one side may have them, one JSON object a line')
    .argument('<db>', 'the lane’s file, or a port’s postgres:// address')
    .addOption(new Option('--side <side>', 'whose records').choices([...SIDES]).makeOptionMandatory())
    .requiredOption('--from <time>', 'first day (YYYY-MM-DD, UTC) or instant')
    .requiredOption('--to <time>', 'last day, whole, or instant, exclusive')
    .action(exportSide);
  command
    .command('reconcile')
    .description('both sides’ registers of a period side by side; exit code 1 when they differ')
    .argument('<db>', 'the lane’s file, or a port’s postgres:// address (all its lanes together)')
    .requiredOption('--from <time>', 'first day (YYYY-MM-DD, UTC) or instant')
    .requiredOption('--to <time>', 'last day, whole, or instant, exclusive')
    .option('--json', 'one JSON object on standard output')
    .action(reconcile);
  return command;
}

async function verify(db: string, args: VerifyArgs): Promise<void> {
  const keys = args.keys === undefined ? null : await readKeys(args.keys);
  const receipts = args.receipts === undefined ? [] : await readReceipts(args.receipts);
  const say = (result: Verification & { readonly chain?: string }): void => {
    if (args.json) printJson(result);
    else printVerification(result);
    if (!result.ok) answerNegative();
  };
  if (!POSTGRES.test(db)) return say(verifyRecordFile(existing(db), { keys, receipts }));
  // The client of a database is loaded only by whoever has one.
  const { verifyPgPort } = await import('../../record/verify/verify-postgres.ts');
  return guardedPort(async () => {
    for await (const result of verifyPgPort(db, { keys, receipts })) say(result);
  });
}

function keys(db: string): void {
  guarded(() => printJson(readKeyRing(existing(db))));
}

async function exportSide(db: string, args: PeriodArgs & { readonly side: Side }): Promise<void> {
  const { from, to } = period(args);
  if (POSTGRES.test(db)) {
    const { exportPgPort } = await import('../../record/verify/postgres-port.ts');
    const what = { side: args.side, fromIso: from, toIso: to };
    return guardedPort(() => exportPgPort(db, what, (records) => records.forEach(printJson)));
  }
  guarded(() => {
    for (const record of exportRecordFile(existing(db), args.side, from, to)) printJson(record);
    for (const copy of exportCopies(existing(db), args.side, from, to)) printJson(copy);
  });
}

async function reconcile(db: string, args: PeriodArgs & { readonly json?: true }): Promise<void> {
  const { from, to } = period(args);
  const say = (result: Reconciliation): void => {
    if (args.json) printJson(result);
    else printReconciliation(result);
    if (result.differences.length > 0) answerNegative();
  };
  if (!POSTGRES.test(db)) return guarded(() => say(reconcileRecordFile(existing(db), from, to)));
  const { reconcilePgPort } = await import('../../record/verify/postgres-port.ts');
  return guardedPort(async () => say(await reconcilePgPort(db, from, to)));
}

async function guardedPort(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw fault(`the port's record cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function existing(db: string): string {
  const path = callerPath(db);
  if (!existsSync(path)) throw usageFailure(`there is no file ${db}`);
  return path;
}

/** A damaged or foreign file is said in one line; `record verify` says more. */
function guarded(work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'CliFailure') throw cause;
    throw fault(`the record cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

function period({ from, to }: PeriodArgs): PeriodArgs {
  const lastDayMs = DAY.test(to) ? DAY_MS : 0;
  return { from: instant('--from', from, 0), to: instant('--to', to, lastDayMs) };
}

function instant(option: string, text: string, plusMs: number): string {
  const ms = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw usageFailure(`${option} is neither a day (YYYY-MM-DD) nor an instant: ${text}`);
  return new Date(ms + plusMs).toISOString();
}

async function readKeys(file: string): Promise<KeyRing> {
  const keys = keyRingSchema.safeParse(parseJson((await readInput(file, MAX_KEYS_BYTES)).toString('utf8')));
  if (keys.success) return keys.data;
  throw usageFailure('--keys: expected {"lane":[{"keyId":..,"raw":..}],"exit":[..],"entry":[..]}');
}

async function readReceipts(file: string): Promise<readonly Receipt[]> {
  const lines = (await readInput(file, MAX_RECEIPTS_BYTES)).toString('utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const receipt = receiptSchema.safeParse(parseJson(line));
    if (!receipt.success) throw usageFailure(`--receipts: line ${index + 1} is no receipt`);
    return [receipt.data];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
