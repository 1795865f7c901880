import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Check } from '../../contract/crossing.ts';
import { type AccessKey, isUsableKey } from '../../documents/chip/access-key.ts';
import { accessKeyFromMrz } from '../../documents/chip/access-key-from-mrz.ts';
import { type ChipVerdict, judgeChip } from '../../documents/chip/chip-verdict.ts';
import {
  ALL_OPEN_DATA_GROUPS,
  type ChipReading,
  DEFAULT_MAX_FILE_BYTES,
  readChip,
} from '../../documents/chip/read-chip.ts';
import { completeChecks, failed, passed } from '../../documents/lds/checks.ts';
import { BUNDLED_DEFECTS } from '../../documents/lds/defects.ts';
import { fileNameOnDisk } from '../../documents/lds/files.ts';
import { readMrz } from '../../documents/mrz/read-mrz.ts';
import type { MrzDocument } from '../../documents/mrz/reading.ts';
import { splitMrzLines } from '../../documents/mrz/split-lines.ts';
import { answerNegative, callerPath, printJson, printLine, usageFailure } from '../io.ts';
import { loadTrust, printChecks, readingTime } from './lds.ts';

interface ReadOptions {
  readonly reader: string;
  readonly mrz?: string;
  readonly key?: string;
  readonly can?: string;
  readonly out?: string;
  readonly trust: readonly string[];
  readonly at?: string;
  readonly wait: string;
  readonly json?: true;
}

/** What the key was made of; the printed zone is compared with the chip where there was one. */
interface Presented {
  readonly key: AccessKey;
  readonly lines: readonly string[] | null;
  readonly document: MrzDocument | null;
}

/** `jointgate chip read`: access, files, proofs and verdict of one chip. Prints no personal data; `--out` keeps the files. */
export function buildCommand(): Command {
  const read = new Command('read')
    .summary('read and verify one chip')
    .description('Reads a chip and judges it. Give the key as MRZ, as three fields, or as card access number.')
    .requiredOption('--reader <connection>', 'pn532:/dev/ttyUSB0, vpcd:PORT (waits for a virtual card) or pcsc:NAME')
    .option('--mrz <lines>', 'lines of the MRZ, separated by line ends, \\n, / or |')
    .option('--key <fields>', 'NUMBER,BIRTH,EXPIRY (dates YYMMDD)')
    .option('--can <number>', 'card access number, for PACE')
    .option('--out <dir>', 'folder for EF_COM.bin, EF_SOD.bin, EF_DG1.bin, ..')
    .option('--trust <path...>', 'certificate, folder of certificates, PKD LDIF or master list', [])
    .option('--at <date>', 'day of reading, YYYY-MM-DD (default: today)')
    .option('--wait <seconds>', 'how long to wait for a chip', '30')
    .option('--json', 'one JSON object on standard output')
    .action(runRead);
  return new Command('chip').description('Contactless chips of travel documents.').addCommand(read);
}

async function runRead(options: ReadOptions): Promise<void> {
  const at = readingTime(options.at);
  const presented = readPresented(options, at);
  const store = loadTrust(options.trust);
  const seconds = Number(options.wait);
  if (!(seconds > 0 && seconds <= 3600)) throw usageFailure('--wait takes 1 to 3600 seconds');
  // Loaded here and not above: wrong usage and help need no serial port.
  const { awaitChipAt } = await import('./chip-readers.ts');
  const channel = await awaitChipAt(options.reader, seconds * 1000);
  let reading: ChipReading;
  try {
    reading = await readChip({
      channel,
      key: presented.key,
      random: (length) => new Uint8Array(randomBytes(length)),
      nowMs: () => performance.now(),
      dataGroups: ALL_OPEN_DATA_GROUPS,
      maxFileBytes: DEFAULT_MAX_FILE_BYTES,
      onProgress: () => undefined,
      signal: null,
    });
  } finally {
    await channel.close();
  }
  const verdict = judgeChip({ reading, printedMrz: presented.lines, store, defects: BUNDLED_DEFECTS, at });
  if (options.out !== undefined) writeFiles(callerPath(options.out), reading);
  const own = [...checkPrinted(presented.document, at), ...verdict.checks];
  const checks = completeChecks(own, 'notPartOfThisCommand');
  const isValid = own.every(isPositive);
  if (options.json) printJson(report(isValid, reading, verdict, checks));
  else printText(isValid, reading, checks);
  if (!isValid) answerNegative();
}

/** What the document does not have, and what the caller did not ask for, is no failure. */
function isPositive({ outcome, reason }: Check): boolean {
  return outcome === 'passed' || outcome === 'notSupported' || (outcome === 'notDone' && reason === 'noPrintedMrz');
}

function readPresented(options: ReadOptions, at: Date): Presented {
  const given = [options.mrz, options.key, options.can].filter((value) => value !== undefined);
  if (given.length !== 1) throw usageFailure('give exactly one of --mrz, --key, --can');
  const presented = options.mrz === undefined ? withoutMrz(options) : fromMrz(options.mrz, at);
  if (!isUsableKey(presented.key)) throw usageFailure('the key has characters or lengths that no document has');
  return presented;
}

function withoutMrz({ key, can }: ReadOptions): Presented {
  if (can !== undefined) return { key: { kind: 'can', can }, lines: null, document: null };
  const fields = key!.toUpperCase().split(',');
  const [documentNumber, birthDate, expiryDate] = fields;
  if (fields.length !== 3 || !documentNumber || !birthDate || !expiryDate) {
    throw usageFailure('--key takes NUMBER,BIRTH,EXPIRY');
  }
  return { key: { kind: 'mrz', documentNumber, birthDate, expiryDate }, lines: null, document: null };
}

function fromMrz(text: string, at: Date): Presented {
  const lines = splitMrzLines(text.replaceAll(/\\n|[/|]/g, '\n'));
  const today = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  const document = readMrz(lines, { today });
  if (document.format === null) throw usageFailure('--mrz is no known document');
  return { key: accessKeyFromMrz(document), lines, document };
}

/** The two checks that the printed zone alone decides. */
function checkPrinted(document: MrzDocument | null, at: Date): readonly Check[] {
  if (!document) return [];
  const { expiry } = document;
  const digits = document.valid ? passed('mrzCheckDigits') : failed('mrzCheckDigits', 'checkDigitMismatch');
  if (!expiry) return [digits, failed('documentValidity', 'expiryUnknown')];
  // Valid to the end of the printed day.
  const end = Date.UTC(expiry.year, expiry.month - 1, expiry.day + 1);
  return [digits, at.getTime() < end ? passed('documentValidity') : failed('documentValidity', 'expired')];
}

function writeFiles(folder: string, reading: ChipReading): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of reading.files) writeFileSync(join(folder, fileNameOnDisk(name)), bytes, { mode: 0o600 });
}

function report(isValid: boolean, reading: ChipReading, verdict: ChipVerdict, checks: readonly Check[]): object {
  const { access } = reading;
  return {
    valid: isValid,
    access: access && {
      protocol: access.protocol,
      oid: access.pace?.oid ?? null,
      mapping: access.pace?.mapping ?? null,
      cipher: access.pace?.cipher ?? (access.protocol === 'BAC' ? '3DES' : null),
      parameterId: access.parameterId,
      failedPace: access.failedPace,
    },
    files: [...reading.files].map(([name, bytes]) => ({ name, bytes: bytes.length })),
    unreadable: Object.fromEntries(reading.unreadable),
    dataGroups: verdict.passive.dataGroups,
    checks,
    signer: verdict.passive.signer,
    chain: verdict.passive.chain,
    deviations: [...reading.deviations, ...verdict.passive.deviations],
    steps: reading.steps.map((step) => ({ ...step, ms: Math.round(step.ms * 10) / 10 })),
  };
}

function printText(isValid: boolean, reading: ChipReading, checks: readonly Check[]): void {
  printLine(isValid ? 'The chip is genuine.' : 'The chip is NOT proved genuine.');
  printLine(`access: ${reading.access?.protocol ?? 'none gained'}`);
  for (const [name, bytes] of reading.files) printLine(`  ${name.padEnd(28)} ${bytes.length} bytes`);
  for (const [name, code] of reading.unreadable) printLine(`  ${name.padEnd(28)} not read: ${code}`);
  printChecks(checks.filter(({ reason }) => reason !== 'notPartOfThisCommand'));
  const totalMs = reading.steps.reduce((sum, { ms }) => sum + ms, 0);
  printLine(`${Math.round(totalMs)} ms`);
}
