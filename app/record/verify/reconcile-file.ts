import { SIDES, type Side } from '../../contract/crossing.ts';
import type { RecordDoc } from '../record-doc.ts';
import type { StoredRecord } from './row-check.ts';
import { openRecordFile } from './sqlite-file.ts';

/** One side's own count of a day. */
export interface SideFigures {
  readonly cleared: number;
  readonly refused: number;
  readonly referred: number;
  readonly notAnswered: number;
  /** Rows of this side's register: crossings that stand, and those taken back. */
  readonly recorded: number;
  readonly voided: number;
  /** Notices this side's control has not acknowledged yet. */
  readonly undelivered: number;
}

export interface Reconciliation {
  readonly fromIso: string;
  readonly toIso: string;
  readonly opened: number;
  /** Records opened in the time, by the state they are in now. */
  readonly byState: Readonly<Record<string, number>>;
  readonly sides: Readonly<Record<Side, SideFigures>>;
  /** Records that one side's register shows and the other's does not, or shows otherwise. None, or something is wrong. */
  readonly differences: readonly { readonly recordId: string; readonly exit: string; readonly entry: string }[];
}

/** What a register holds about a record: the rows of both sides, and whose notices nobody has acknowledged. */
export type RegisterRows = Pick<StoredRecord, 'clearances' | 'undelivered'>;

/** Puts both sides' registers side by side, record by record. */
export function reconciler(
  fromIso: string,
  toIso: string,
): { add(doc: RecordDoc, rows: RegisterRows): void; result(): Reconciliation } {
  const byState: Record<string, number> = {};
  const sides = { exit: emptyFigures(), entry: emptyFigures() };
  const differences: { recordId: string; exit: string; entry: string }[] = [];
  let opened = 0;
  return {
    add: (doc, { clearances, undelivered }) => {
      opened++;
      byState[doc.state] = (byState[doc.state] ?? 0) + 1;
      const status = { exit: 'none', entry: 'none' };
      for (const side of SIDES) {
        status[side] = clearances.find((row) => row.side === side)?.status ?? 'none';
        countSide(sides[side], doc, side, status[side], undelivered.filter((of) => of === side).length);
      }
      if (status.exit !== status.entry || status.exit !== doc.clearance)
        differences.push({ recordId: doc.recordId, ...status });
    },
    result: () => ({ fromIso, toIso, opened, byState, sides, differences }),
  };
}

/** Both sides' registers of records opened from `fromIso` (inclusive) to `toIso` (exclusive) in a lane's file. */
export function reconcileRecordFile(path: string, fromIso: string, toIso: string): Reconciliation {
  const file = openRecordFile(path);
  try {
    const both = reconciler(fromIso, toIso);
    for (const doc of file.docsOpened(fromIso, toIso)) both.add(doc, file.stored(doc.recordId));
    return both.result();
  } finally {
    file.close();
  }
}

type Counting = { -readonly [K in keyof SideFigures]: number };

function emptyFigures(): Counting {
  return { cleared: 0, refused: 0, referred: 0, notAnswered: 0, recorded: 0, voided: 0, undelivered: 0 };
}

function countSide(figures: Counting, doc: RecordDoc, side: Side, status: string, undelivered: number): void {
  const word = doc.answers[side]?.body.word;
  if (word === 'clear') figures.cleared++;
  else if (word === 'refuse') figures.refused++;
  else if (word === 'refer') figures.referred++;
  else if (doc.evidenceDigest !== null) figures.notAnswered++;
  if (status === 'standing') figures.recorded++;
  if (status === 'voided') figures.voided++;
  figures.undelivered += undelivered;
}
