import { CHECKPOINT_POLICY, type Checkpoint, checkpointSchema, verifyCheckpoint } from '../checkpoint.ts';
import { NO_HASH } from '../journal.ts';
import type { ChainStart } from './chain-check.ts';
import type { Report } from './findings.ts';
import { findKey, type KeyRing } from './public-keys.ts';

export interface CheckpointRow {
  readonly seq: number;
  readonly checkpoint: string;
}

/** From this entry on the lane signs with this key and no older one: a stolen old key signs nothing new. */
export interface LaneKeySpan {
  readonly fromSeq: number;
  readonly keyId: string;
}

export interface CheckpointInput {
  readonly storeId: string;
  readonly start: ChainStart;
  readonly headSeq: number;
  readonly keys: KeyRing;
  /** In the order of the journal. */
  readonly laneKeys: readonly LaneKeySpan[];
}

export interface CheckpointCheck {
  /** In the order of their numbers, each with the hash of the entry it is about; null when there is none. */
  push(row: CheckpointRow, hash: string | null): void;
  /** How many are good, and up to where. */
  finish(): { readonly good: number; readonly upTo: number };
}

/** The signed checkpoints: by whom, over which entry, how far apart. After the journal, one by one. */
export function checkpointCheck(input: CheckpointInput, report: Report): CheckpointCheck {
  const { headSeq, start } = input;
  let good = 0;
  let signedSeq = start.firstSeq - 1;
  let last: Checkpoint | null = null;
  return {
    push: (row, found) => {
      const checkpoint = parse(row.checkpoint);
      if (checkpoint === null || !isOurs(checkpoint, row, input)) {
        report('checkpointForged', { seq: row.seq });
        return;
      }
      const { seq, hash } = checkpoint.body;
      last = checkpoint;
      // Checkpoints over entries that retention has erased have nothing left to be compared with.
      if (seq < start.firstSeq) return;
      if (seq > headSeq) report('journalTruncated', { seq: headSeq, detail: `signed up to ${seq}` });
      else if (found !== hash) report('journalRewritten', { seq });
      else good++;
      if (seq - signedSeq > CHECKPOINT_POLICY.everyEntries)
        report('checkpointMissing', { seq, detail: `after ${signedSeq}` });
      signedSeq = Math.max(signedSeq, seq);
    },
    finish: () => {
      if (headSeq - signedSeq > CHECKPOINT_POLICY.everyEntries) {
        report('checkpointMissing', { seq: headSeq, detail: `after ${signedSeq}` });
      }
      checkStart(start, last, report);
      return { good, upTo: Math.min(signedSeq, headSeq) };
    },
  };
}

/** Only a signed checkpoint may say that the journal begins later than with its first entry. */
function checkStart(start: ChainStart, last: Checkpoint | null, report: Report): void {
  const signed = last?.body ?? { firstSeq: 1, firstPrevHash: NO_HASH };
  if (signed.firstSeq !== start.firstSeq || signed.firstPrevHash !== start.firstPrevHash) {
    report('journalTruncated', { seq: start.firstSeq, detail: `signed from ${signed.firstSeq}` });
  }
}

function isOurs(checkpoint: Checkpoint, row: CheckpointRow, { storeId, keys, laneKeys }: CheckpointInput): boolean {
  const current = laneKeys.findLast(({ fromSeq }) => fromSeq <= row.seq);
  if (current !== undefined && current.keyId !== checkpoint.keyId) return false;
  const key = findKey(keys.lane, checkpoint.keyId);
  const { body } = checkpoint;
  return key !== undefined && body.storeId === storeId && body.seq === row.seq && verifyCheckpoint(checkpoint, key.raw);
}

function parse(text: string): Checkpoint | null {
  try {
    return checkpointSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
