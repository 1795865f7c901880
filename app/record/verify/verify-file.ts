import type { Receipt } from '../receipt.ts';
import { collectFindings, type Finding, type Report } from './findings.ts';
import type { KeyRing } from './public-keys.ts';
import type { RecordFile } from './record-file.ts';
import { type Counts, erasedBefore, keyRingOf, recordVerifier } from './record-verifier.ts';
import { openRecordFile } from './sqlite-file.ts';

export interface VerifyOptions {
  /** Public keys from elsewhere. Without them the file's own are used, which finds damage but not a clever forger. */
  readonly keys: KeyRing | null;
  /** Receipts a side has kept: each must still stand in the journal. */
  readonly receipts: readonly Receipt[];
}

export interface Verification extends Counts {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** All that was found; `findings` lists the first thousand. */
  readonly total: number;
  readonly keysFrom: 'keyFile' | 'recordItself';
}

/** Verifies the whole of a lane's file: chain, checkpoints, receipts, records, both sides. Public keys only; changes nothing. */
export function verifyRecordFile(path: string, options: VerifyOptions): Verification {
  return verifyOpened(() => openRecordFile(path), options);
}

function verifyOpened(open: () => RecordFile, options: VerifyOptions): Verification {
  const { report, findings, total } = collectFindings();
  let counts: Counts = { entries: 0, records: 0, checkpoints: 0, unsigned: 0 };
  let file: RecordFile | null = null;
  try {
    file = open();
    const damage = file.damage();
    if (damage !== null) report('fileCorrupt', { detail: damage });
    counts = verifyContents(file, options, report);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    report(file === null ? 'fileUnreadable' : 'fileCorrupt', { detail });
  } finally {
    file?.close();
  }
  const keysFrom = options.keys === null ? 'recordItself' : 'keyFile';
  return { ok: total() === 0, findings, total: total(), ...counts, keysFrom };
}

function verifyContents(file: RecordFile, options: VerifyOptions, report: Report): Counts {
  const keys = options.keys ?? keysOf(file);
  const verifier = recordVerifier({ ...file, keys, erasedBefore: lastErasure(file) }, options.keys, report);
  for (const row of file.journal()) verifier.push(row);
  const afterJournal = verifier.endJournal();
  for (const recordId of file.strayRecordIds()) afterJournal.stray(recordId);
  for (const { name, record_id: recordId } of file.claims()) afterJournal.claim(name, recordId);
  for (const row of file.checkpoints()) afterJournal.checkpoint(row, file.hashAt(row.seq));
  for (const receipt of options.receipts) afterJournal.receipt(receipt, file.hashAt);
  return afterJournal.finish();
}

/** The public keys a record names itself: a first copy, to be compared with the owners' and kept elsewhere. */
export function readKeyRing(path: string): KeyRing {
  const file = openRecordFile(path);
  try {
    return keysOf(file);
  } finally {
    file.close();
  }
}

function keysOf(file: RecordFile): KeyRing {
  return keyRingOf([...file.payloads('keyRemembered'), ...file.payloads('keyKnown')]);
}

function lastErasure(file: RecordFile): string {
  return erasedBefore(file.payloads('erased').at(-1) ?? null);
}
