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
  readonly rows: Iterable<CheckpointRow>;
  readonly hashAt: (seq: number) => string | null;
  readonly storeId: string;
  readonly start: ChainStart;
  readonly headSeq: number;
  readonly keys: KeyRing;
  /** In the order of the journal. */
  readonly laneKeys: readonly LaneKeySpan[];
}

/** The signed checkpoints: by whom, over which entry, how far apart. Gives how many are good, and up to where. */
export function checkCheckpoints(
  input: CheckpointInput,
  report: Report,
): { readonly good: number; readonly upTo: number } {
  const { headSeq, start } = input;
  let good = 0;
  let signedSeq = start.firstSeq - 1;
  let last: Checkpoint | null = null;
  for (const row of input.rows) {
    const checkpoint = parse(row.checkpoint);
    if (checkpoint === null || !isOurs(checkpoint, row, input)) {
      report('checkpointForged', { seq: row.seq });
      continue;
    }
    const { seq, hash } = checkpoint.body;
    last = checkpoint;
    // Checkpoints over entries that retention has erased have nothing left to be compared with.
    if (seq < start.firstSeq) continue;
    if (seq > headSeq) report('journalTruncated', { seq: headSeq, detail: `signed up to ${seq}` });
    else if (input.hashAt(seq) !== hash) report('journalRewritten', { seq });
    else good++;
    if (seq - signedSeq > CHECKPOINT_POLICY.everyEntries)
      report('checkpointMissing', { seq, detail: `after ${signedSeq}` });
    signedSeq = Math.max(signedSeq, seq);
  }
  if (headSeq - signedSeq > CHECKPOINT_POLICY.everyEntries) {
    report('checkpointMissing', { seq: headSeq, detail: `after ${signedSeq}` });
  }
  checkStart(start, last, report);
  return { good, upTo: Math.min(signedSeq, headSeq) };
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
