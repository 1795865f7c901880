import { type JournalRow, STORE_ENTRIES } from '../journal.ts';
import type { Receipt } from '../receipt.ts';
import { chainCheck } from './chain-check.ts';
import { type CheckpointRow, checkpointCheck, type LaneKeySpan } from './checkpoint-check.ts';
import type { Report } from './findings.ts';
import { checkKeptReceipt } from './kept-receipt-check.ts';
import type { KeyRing } from './public-keys.ts';
import type { StoreRow } from './record-file.ts';
import { type Replayed, replay } from './replay.ts';
import { checkRows, type StoredRecord } from './row-check.ts';
import { checkStoreEntry, isStoreEntry } from './store-entry-check.ts';

export interface Counts {
  readonly entries: number;
  readonly records: number;
  readonly checkpoints: number;
  /** Entries after the last checkpoint: only these could be cut off without a trace (fewer than 100, or 60 s). */
  readonly unsigned: number;
}

/** What a verification looks things up in. */
export interface VerifierSource {
  readonly store: StoreRow;
  readonly keys: KeyRing;
  /** Records that ended before this instant have been erased. */
  readonly erasedBefore: string;
  /** Asked about records of the entry just pushed, and about the live ones at the end. */
  readonly stored: (recordId: string) => StoredRecord;
}

export interface AfterJournal {
  stray(recordId: string): void;
  claim(name: string, recordId: string): void;
  checkpoint(row: CheckpointRow, hash: string | null): void;
  receipt(receipt: Receipt, hashAt: (seq: number) => string | null): void;
  finish(): Counts;
}

/** A verification that is fed: entry by entry, then the rest. Its memory is that of the live records, not of the journal. */
export interface RecordVerifier {
  push(row: JournalRow): void;
  /** Records without an end so far. */
  liveIds(): readonly string[];
  endJournal(): AfterJournal;
}

export function recordVerifier(source: VerifierSource, trusted: KeyRing | null, report: Report): RecordVerifier {
  const { keys, stored } = source;
  const { store_id: storeId, first_seq: firstSeq, first_prev_hash: firstPrevHash } = source.store;
  const start = { firstSeq, firstPrevHash };
  const chain = chainCheck(start, report);
  const materials = new Map<string, string>();
  const laneKeys: LaneKeySpan[] = [];
  let entries = 0;
  let records = 0;

  const check = (record: Replayed): void => {
    const { recordId, endedAt } = record.doc;
    const rows = stored(recordId);
    // Retention takes the rows of ended records at once, and the journal's front as far as no kept record began in it.
    if (rows.doc === null && endedAt !== null && endedAt < source.erasedBefore) return;
    records++;
    checkRows(record, rows, { storeId, keys, material: materials.get(recordId) ?? null }, report);
    materials.delete(recordId);
  };
  const begunBefore = (recordId: string): boolean => firstSeq > 1 && stored(recordId).doc === null;
  const life = replay(keys, report, check, begunBefore);

  return {
    push: (row) => {
      entries++;
      chain.push(row);
      const payload = parseJson(row.payload);
      if (payload === undefined) return; // the chain check has reported it
      if (isStoreEntry(row.type)) {
        checkStoreEntry({ ...row, type: row.type }, storeId, trusted, report);
        noteStoreEntry(row, payload, materials, laneKeys);
      } else {
        const { seq, at, type, record_id: recordId, hash } = row;
        life.push({ seq, at, type, recordId, hash, payload });
      }
    },
    liveIds: () => [...life.live()].map(({ doc }) => doc.recordId),
    endJournal: () => {
      const headSeq = chain.finish();
      for (const record of life.live()) check(record);
      const missing = new Map(life.claims());
      const checkpoints = checkpointCheck({ storeId, start, headSeq, keys, laneKeys }, report);
      return {
        stray: (recordId) => report('recordMismatch', { recordId, detail: 'a row without a journal' }),
        // The documents and profiles in use, row by row, are the ones the live records hold.
        claim: (name, recordId) => {
          if (missing.get(name) === recordId) missing.delete(name);
          else report('recordMismatch', { recordId, detail: 'a claim without a live record' });
        },
        checkpoint: checkpoints.push,
        receipt: (receipt, hashAt) => checkKeptReceipt(receipt, { storeId, firstSeq, hashAt }, keys, report),
        finish: () => {
          for (const recordId of missing.values()) report('recordMismatch', { recordId, detail: 'a claim is missing' });
          const signed = checkpoints.finish();
          return { entries, records, checkpoints: signed.good, unsigned: headSeq - signed.upTo };
        },
      };
    },
  };
}

/** Remembers what later checks need: which material was kept, and from where on which lane key signs. */
function noteStoreEntry(row: JournalRow, payload: unknown, materials: Map<string, string>, spans: LaneKeySpan[]): void {
  const kept = row.type === 'materialKept' ? STORE_ENTRIES.materialKept.safeParse(payload) : null;
  if (kept?.success && row.record_id !== null) materials.set(row.record_id, kept.data.digest);
  const key = row.type === 'keyKnown' ? STORE_ENTRIES.keyKnown.safeParse(payload) : null;
  if (key?.success && key.data.role === 'lane') spans.push({ fromSeq: row.seq, keyId: key.data.keyId });
}

/** The public keys that entries of `keyKnown` and `keyRemembered` name. */
export function keyRingOf(payloads: readonly string[]): KeyRing {
  const known = payloads
    .map((text) => STORE_ENTRIES.keyKnown.safeParse(parseJson(text)))
    .flatMap((key) => (key.success ? [key.data] : []));
  const ofRole = (wanted: keyof KeyRing) =>
    known.filter(({ role }) => role === wanted).map(({ keyId, raw }) => ({ keyId, raw }));
  return { lane: ofRole('lane'), exit: ofRole('exit'), entry: ofRole('entry') };
}

/** Up to when the last retention erased, from its entry's payload. */
export function erasedBefore(payload: string | null): string {
  const erased = STORE_ENTRIES.erased.safeParse(parseJson(payload ?? ''));
  return erased.success ? erased.data.before : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
