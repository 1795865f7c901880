import { type JournalRow, journalHashOfText } from '../journal.ts';
import type { Report } from './findings.ts';

/** Suspects kept for telling a moved entry from an edited one; a wholly broken journal is reported all the same. */
const MAX_SUSPECTS = 200;

export interface ChainStart {
  readonly firstSeq: number;
  readonly firstPrevHash: string;
}

export interface ChainCheck {
  /** Entries in the order of their numbers. True when the entry is what was written, at its place. */
  push(row: JournalRow): boolean;
  /** After the last entry: gives its number. */
  finish(): number;
}

/** The hash chain: every entry hashes to what it says, and stands on the one before. */
export function chainCheck(start: ChainStart, report: Report): ChainCheck {
  let seq = start.firstSeq - 1;
  let hash = start.firstPrevHash;
  let intact = true;
  const suspects: JournalRow[] = [];

  return {
    push: (row) => {
      const gap = row.seq !== seq + 1;
      if (gap) report('entryDeleted', { seq: seq + 1, detail: `to ${row.seq - 1}` });
      const own = hashOf(row, row.seq, row.prev_hash) === row.hash;
      if (!own && suspects.length < MAX_SUSPECTS) suspects.push(row);
      else if (!own) report('entryEdited', { seq: row.seq });
      // It is whole but does not stand on the one before, which also looks whole: that one was rewritten with its hash.
      if (own && intact && !gap && row.prev_hash !== hash) report('entryEdited', { seq, detail: 'with its hash' });
      const linked = row.prev_hash === hash;
      ({ seq, hash } = row);
      intact = own;
      return own && linked && !gap;
    },
    finish: () => {
      for (const row of suspects) {
        const moved = suspects.some((place) => place !== row && (fits(row, place) || fits(place, row)));
        // The entry's own number was changed: nobody else is involved.
        const shifted = [-1, 1].some((by) => hashOf(row, row.seq + by, row.prev_hash) === row.hash);
        report(moved || shifted ? 'entryReordered' : 'entryEdited', { seq: row.seq });
      }
      return seq;
    },
  };
}

/** The content of `row` is what was once written at `place`. */
function fits(row: JournalRow, place: JournalRow): boolean {
  return hashOf(row, place.seq, place.prev_hash) === place.hash || hashOf(row, place.seq, row.prev_hash) === row.hash;
}

function hashOf(row: JournalRow, seq: number, prevHash: string): string {
  const { at, type, record_id: recordId } = row;
  return journalHashOfText({ seq, at, type, recordId, prevHash }, row.payload);
}
