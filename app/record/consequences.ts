import { CONTROL_PROTOCOL_VERSION, type Notice, type NoticeStep } from '../contract/control-protocol.ts';
import { isEnded, SIDES } from '../contract/crossing.ts';
import type { SigningKey } from '../crypto/signing.ts';
import type { Change } from './decide.ts';
import type { JournalEntry } from './journal.ts';
import { type Receipt, receiptBodyOf, signReceipt } from './receipt.ts';
import { mayHoldAClear, type RecordDoc } from './record-doc.ts';

/** The claims a change makes or gives back (G3). `profile` and `document` digests live apart. */
export interface Claim {
  readonly kind: 'document' | 'profile';
  readonly digest: string;
}

export function claimsOf(doc: RecordDoc): readonly Claim[] {
  const documents = doc.documentDigests.map((digest) => ({ kind: 'document' as const, digest }));
  return doc.profileDigest === null ? documents : [...documents, { kind: 'profile', digest: doc.profileDigest }];
}

/** What this change claims, and what it gives back: everything at the record's end, nothing before. */
export function claimSteps({ before, after }: Change): {
  readonly made: readonly Claim[];
  readonly released: readonly Claim[];
} {
  const held = before === null ? [] : claimsOf(before);
  const holds = ({ kind, digest }: Claim): boolean =>
    held.some((claim) => claim.kind === kind && claim.digest === digest);
  return {
    made: claimsOf(after).filter((claim) => !holds(claim)),
    released: isEnded(after.state) ? claimsOf(after) : [],
  };
}

/** What happens to the pair of exit and entry rows: both are written, both are voided, or neither is touched. */
export function clearanceStep({ before, after }: Change): 'write' | 'void' | null {
  if (before === null || before.clearance === after.clearance) return null;
  return after.clearance === 'standing' ? 'write' : 'void';
}

export interface Notices {
  readonly notices: readonly Notice[];
  readonly receipt: Receipt | null;
}

/**
 * What both controls are told, in the transaction of the change itself: the commit, the void, or the signed receipt.
 * Both get the same words; nothing of a side's answer but its digest is in them (G5).
 */
export function noticesOf(change: Change, entry: JournalEntry, storeId: string, key: SigningKey): Notices {
  const { event, after } = change;
  const journal = { seq: entry.seq, hash: entry.hash };
  const tell = (step: NoticeStep, detail: Record<string, unknown>): readonly Notice[] =>
    SIDES.map((side) => ({
      version: CONTROL_PROTOCOL_VERSION,
      side,
      step,
      recordId: after.recordId,
      at: entry.at,
      detail,
    }));
  if (event.type === 'passed') {
    const receipt = signReceipt(receiptBodyOf(after, storeId, journal), key);
    return { notices: tell('receipt', { receipt }), receipt };
  }
  switch (clearanceStep(change)) {
    case 'write': {
      const clearUntil = event.type === 'committed' ? event.clearUntil : null;
      return { notices: tell('commit', { evidenceDigest: after.evidenceDigest, clearUntil, journal }), receipt: null };
    }
    case 'void':
      return {
        // A referral that an officer resolved: nobody passed the last door by this clearance.
        notices: tell('void', { code: event.type === 'voided' ? event.code : 'didNotPass', journal }),
        receipt: null,
      };
    case null:
      return {
        notices: tell('void', { code: 'didNotPass', journal }).filter(
          ({ side }) => endsNow(change) && mayHoldAClear(after, side),
        ),
        receipt: null,
      };
  }
}

/** Whether the change ends the record, so that clears which led to nothing are taken back now and not twice. */
function endsNow({ before, after }: Change): boolean {
  return before !== null && !isEnded(before.state) && isEnded(after.state);
}
