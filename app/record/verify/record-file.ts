import type { JournalRow, StoreEntryType } from '../journal.ts';
import type { RecordDoc } from '../record-doc.ts';
import type { CheckpointRow } from './checkpoint-check.ts';
import type { StoredRecord } from './row-check.ts';

export interface StoreRow {
  readonly store_id: string;
  readonly first_seq: number;
  readonly first_prev_hash: string;
}

/** A joint record as an auditor reads it: one chain at one instant, from a lane's file or a port's database. */
export interface RecordFile {
  readonly store: StoreRow;
  /** What SQLite's own check says, or null when it finds nothing. */
  readonly damage: () => string | null;
  readonly journal: () => Iterable<JournalRow>;
  readonly checkpoints: () => Iterable<CheckpointRow>;
  readonly hashAt: (seq: number) => string | null;
  readonly stored: (recordId: string) => StoredRecord;
  /** Rows of records that no journal entry has opened. */
  readonly strayRecordIds: () => readonly string[];
  /** Payloads of all entries of one type, oldest first. */
  readonly payloads: (type: StoreEntryType) => readonly string[];
  readonly claims: () => Iterable<{ readonly name: string; readonly record_id: string }>;
  readonly docsOpened: (fromIso: string, toIso: string) => Iterable<RecordDoc>;
  readonly close: () => void;
}
