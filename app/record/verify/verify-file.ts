import { type JournalRow, STORE_ENTRIES } from '../journal.ts';
import type { Receipt } from '../receipt.ts';
import { chainCheck } from './chain-check.ts';
import { checkCheckpoints, type LaneKeySpan } from './checkpoint-check.ts';
import { collectFindings, type Finding, type Report } from './findings.ts';
import { checkKeptReceipt } from './kept-receipt-check.ts';
import type { KeyRing } from './public-keys.ts';
import type { RecordFile } from './record-file.ts';
import { type Replayed, replay } from './replay.ts';
import { checkRows } from './row-check.ts';
import { openRecordFile } from './sqlite-file.ts';
import { checkStoreEntry, isStoreEntry } from './store-entry-check.ts';

export interface VerifyOptions {
  /** Public keys from elsewhere. Without them the file's own are used, which finds damage but not a clever forger. */
  readonly keys: KeyRing | null;
  /** Receipts a side has kept: each must still stand in the journal. */
  readonly receipts: readonly Receipt[];
}

interface Counts {
  readonly entries: number;
  readonly records: number;
  readonly checkpoints: number;
  /** Entries after the last checkpoint: only these could be cut off without a trace (fewer than 100, or 60 s). */
  readonly unsigned: number;
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

/** The same for any form of a joint record. */
export function verifyOpened(open: () => RecordFile, options: VerifyOptions): Verification {
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
  const { store_id: storeId, first_seq: firstSeq, first_prev_hash: firstPrevHash } = file.store;
  const start = { firstSeq, firstPrevHash };
  const keys = options.keys ?? keysOf(file);
  const erasedBefore = lastErasure(file);
  const chain = chainCheck(start, report);
  const materials = new Map<string, string>();
  const laneKeys: LaneKeySpan[] = [];
  let entries = 0;
  let records = 0;

  const check = (record: Replayed): void => {
    const stored = file.stored(record.doc.recordId);
    const { endedAt } = record.doc;
    // Retention takes the rows of ended records at once, and the journal's front as far as no kept record began in it.
    if (stored.doc === null && endedAt !== null && endedAt < erasedBefore) return;
    records++;
    const material = materials.get(record.doc.recordId) ?? null;
    checkRows(record, stored, { storeId, keys, material }, report);
    materials.delete(record.doc.recordId);
  };
  const begunBefore = (recordId: string): boolean => firstSeq > 1 && file.stored(recordId).doc === null;
  const life = replay(keys, report, check, begunBefore);

  for (const row of file.journal()) {
    entries++;
    chain.push(row);
    const payload = parseJson(row.payload);
    if (payload === undefined) continue; // the chain check has reported it
    if (isStoreEntry(row.type)) {
      checkStoreEntry({ ...row, type: row.type }, storeId, options.keys, report);
      noteStoreEntry(row, payload, materials, laneKeys);
    } else life.push(entryOf(row, payload));
  }
  const headSeq = chain.finish();
  for (const record of life.live()) check(record);
  for (const recordId of file.strayRecordIds())
    report('recordMismatch', { recordId, detail: 'a row without a journal' });
  checkClaims(file, life.claims(), report);
  const signed = checkCheckpoints(
    { rows: file.checkpoints(), hashAt: file.hashAt, storeId, start, headSeq, keys, laneKeys },
    report,
  );
  for (const receipt of options.receipts) {
    checkKeptReceipt(receipt, { storeId, firstSeq, hashAt: file.hashAt }, keys, report);
  }
  return { entries, records, checkpoints: signed.good, unsigned: headSeq - signed.upTo };
}

/** Remembers what later checks need: which material was kept, and from where on which lane key signs. */
function noteStoreEntry(row: JournalRow, payload: unknown, materials: Map<string, string>, spans: LaneKeySpan[]): void {
  const kept = row.type === 'materialKept' ? STORE_ENTRIES.materialKept.safeParse(payload) : null;
  if (kept?.success && row.record_id !== null) materials.set(row.record_id, kept.data.digest);
  const key = row.type === 'keyKnown' ? STORE_ENTRIES.keyKnown.safeParse(payload) : null;
  if (key?.success && key.data.role === 'lane') spans.push({ fromSeq: row.seq, keyId: key.data.keyId });
}

/** The documents and profiles in use, row by row, are the ones the live records hold. */
function checkClaims(file: RecordFile, expected: ReadonlyMap<string, string>, report: Report): void {
  const missing = new Map(expected);
  for (const { name, record_id: recordId } of file.claims()) {
    if (missing.get(name) === recordId) missing.delete(name);
    else report('recordMismatch', { recordId, detail: 'a claim without a live record' });
  }
  for (const recordId of missing.values()) report('recordMismatch', { recordId, detail: 'a claim is missing' });
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
  const known = [...file.payloads('keyRemembered'), ...file.payloads('keyKnown')]
    .map((text) => STORE_ENTRIES.keyKnown.safeParse(parseJson(text)))
    .flatMap((key) => (key.success ? [key.data] : []));
  const ofRole = (wanted: keyof KeyRing) =>
    known.filter(({ role }) => role === wanted).map(({ keyId, raw }) => ({ keyId, raw }));
  return { lane: ofRole('lane'), exit: ofRole('exit'), entry: ofRole('entry') };
}

function lastErasure(file: RecordFile): string {
  const erased = STORE_ENTRIES.erased.safeParse(parseJson(file.payloads('erased').at(-1) ?? ''));
  return erased.success ? erased.data.before : '';
}

function entryOf(row: JournalRow, payload: unknown) {
  const { seq, at, type, record_id: recordId, hash } = row;
  return { seq, at, type, recordId, hash, payload };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
