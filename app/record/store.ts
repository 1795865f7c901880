import type { AuditEntry } from '../contract/audit-events.ts';
import type { ControlAnswer, JointEvidence, Notice, Sealed } from '../contract/control-protocol.ts';
import type {
  AbandonCode,
  Check,
  Direction,
  FaceEvidence,
  Owner,
  RecordState,
  ReferralCode,
  ResolutionAction,
  Side,
  VoidCode,
} from '../contract/crossing.ts';
import type { Result } from '../contract/result.ts';

/** Opens a joint record and claims its documents (G3). Digests are HMAC-SHA-256, hex, never a number in clear. */
export interface OpenRecord {
  readonly recordId: string;
  readonly laneId: string;
  readonly direction: Direction;
  /** Digest of the presented document, and of every other document of its profile once known. */
  readonly documentDigests: readonly string[];
  readonly profileDigest: string | null;
  readonly checks: readonly Check[];
  /** The traveller goes on from where another record left them: whose officers released, why only for their own side (G5). */
  readonly release?: OpeningRelease;
}

export interface OpeningRelease {
  /** The record that had referred or refused them; it has ended. */
  readonly of: string;
  readonly side: Side;
  /** Who, why and how many: sealed to the side whose officers gave it. */
  readonly grant: Sealed;
}

/** Facts appended to a live record. Each is one journal entry in the same transaction as the state it changes. */
export type RecordFact =
  | {
      readonly type: 'identified';
      readonly profileDigest: string;
      readonly documentDigests: readonly string[];
      readonly checks: readonly Check[];
    }
  | { readonly type: 'verified'; readonly face: FaceEvidence; readonly checks: readonly Check[] }
  | { readonly type: 'asked'; readonly evidence: JointEvidence; readonly evidenceDigest: string }
  | { readonly type: 'answered'; readonly answer: ControlAnswer }
  /** `passagesBefore`: the door's own passage counter at release, so that a restart can tell whether somebody passed. */
  | { readonly type: 'lastDoorReleased'; readonly door: number; readonly passagesBefore: number };

/** How a record leaves the live states. Each is accepted once; anything after the end is refused and is an alarm. */
export type RecordEnding =
  | { readonly type: 'passed'; readonly passagesAfter: number | null }
  | { readonly type: 'refused'; readonly owner: Side }
  | { readonly type: 'referred'; readonly owner: Owner; readonly code: ReferralCode; readonly checks: readonly Check[] }
  | {
      readonly type: 'resolved';
      readonly action: ResolutionAction;
      readonly officer: string;
      readonly reasonCode: string;
    }
  | { readonly type: 'abandoned'; readonly code: AbandonCode }
  | { readonly type: 'voided'; readonly code: VoidCode };

export interface RecordSnapshot {
  readonly recordId: string;
  readonly laneId: string;
  readonly direction: Direction;
  readonly state: RecordState;
  readonly openedAt: string;
  readonly endedAt: string | null;
  readonly checks: readonly Check[];
  readonly face: FaceEvidence | null;
  readonly answers: { readonly exit: ControlAnswer | null; readonly entry: ControlAnswer | null };
  readonly evidenceDigest: string | null;
  readonly lastDoorRelease: { readonly door: number; readonly passagesBefore: number } | null;
  /** Whether exit and entry stand, both or neither (G2): also of a referral, which the state alone does not tell. */
  readonly clearance: 'none' | 'standing' | 'voided';
  readonly referral: { readonly owner: Owner; readonly code: ReferralCode } | null;
  /** The record that this one goes on from, by a release. */
  readonly releaseOf?: string;
}

/**
 * Who asks: one life of a lane's process. The record's home numbers the lives of each lane; what an earlier life has sent and
 * what arrives only now is refused, so that nothing is done behind the back of a lane that has restarted and cleaned up (G4).
 */
export interface LaneLife {
  readonly laneId: string;
  readonly life: number;
}

export type StoreError =
  | { readonly code: 'duplicateDocument'; readonly liveRecordId: string }
  | { readonly code: 'unknownRecord'; readonly recordId: string }
  /**
   * The record's state does not allow this fact. `late`: it told of a door or a passage after the record's end; this is
   * `lateReceiptAlarm`, journaled once a record, and the record stays as it is. Nothing else was written.
   */
  | { readonly code: 'wrongState'; readonly recordId: string; readonly state: RecordState; readonly late?: true }
  /** The lane has begun a later life; `life` is that one. Nothing was written. */
  | { readonly code: 'earlierLife'; readonly laneId: string; readonly life: number }
  | {
      readonly code: 'commitRefused';
      readonly recordId: string;
      readonly reason: 'answerMissing' | 'notClear' | 'expired' | 'badSignature' | 'foreignAnswer';
    }
  /** Disk full, read-only, corrupt, locked, or the worker is gone. Nothing was acknowledged. */
  | { readonly code: 'storeFailed'; readonly detail: string };

export interface OutboxNotice {
  readonly id: number;
  readonly attempts: number;
  readonly notice: Notice;
}

/** What a retention run has taken out. */
export interface ErasureReport {
  readonly records: number;
  /** The journal now begins here. */
  readonly firstSeq: number;
}

/**
 * What a referral's officer needs beyond codes (a picture, the document's data), sealed by the lane to the owning side
 * (`app/crypto/sealing.ts`). Kept beside the record, never in the journal, and erased in the transaction that ends it.
 */
export interface ReferralMaterialStore {
  /** Only for a record that is `referred`; a second one replaces the first. */
  keepMaterial(recordId: string, sealed: Sealed): Promise<Result<void, StoreError>>;
  material(recordId: string): Promise<Result<Sealed | null, StoreError>>;
}

/** What a lane keeps of a record whose home is the hub; a part that is null leaves what was kept before. */
export interface RecordCopy {
  readonly recordId: string;
  readonly record: RecordSnapshot | null;
  readonly receipt: unknown;
}

/** The lane's file beside the hub: written after the hub's answer, read by people and auditors, never by a decision. */
export interface RecordCopies {
  keepCopy(copy: RecordCopy): Promise<Result<void, StoreError>>;
}

/** What an administrator's jobs may do with a lane's store. */
export interface RecordUpkeep {
  /** Erases records that ended before an instant, and the journal's front with them; audited. Takes seconds on a big file. */
  eraseBefore(beforeIso: string): Promise<Result<ErasureReport, StoreError>>;
  /** Signs with another lane key from now on; the old one closes its part with a checkpoint. PKCS#8 PEM, Ed25519. */
  rotateLaneKey(pem: string): Promise<Result<void, StoreError>>;
  /** Puts the notices that a control has refused for good into the outbox again, e.g. after its software was mended. Gives how many. */
  retryRefusedNotices(side: Side): Promise<Result<number, StoreError>>;
}

export interface DayFigures {
  readonly opened: number;
  readonly passed: number;
  readonly refused: number;
  readonly referred: number;
  readonly abandoned: number;
  readonly voided: number;
  /** Milliseconds from opening to passing, of the records that passed today. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

/**
 * The joint record of one lane (SQLite) or of a port (PostgreSQL): same interface, same contract suite.
 * Every method that returns ok has been made durable first. Timestamps come from the store's injected clock.
 */
export interface JointRecordStore {
  /**
   * A lane has started. Gives the number of its new life, journaled; from now on requests `by` an earlier one are
   * `earlierLife`. A lane's own store and a client of a home on the network then name this life in every call by
   * themselves; a home that serves many lanes is told it with each call.
   */
  beginLife(laneId: string): Promise<Result<LaneLife, StoreError>>;
  open(input: OpenRecord, by?: LaneLife): Promise<Result<RecordSnapshot, StoreError>>;
  /**
   * `lastDoorReleased` is written once: the same again (a reply was lost) changes nothing, another door or counter is refused.
   */
  append(recordId: string, fact: RecordFact, by?: LaneLife): Promise<Result<RecordSnapshot, StoreError>>;
  /**
   * G1 and G2: verifies both stored answers itself (signature, side, record, evidence digest, `clear`, not expired) and
   * writes exit and entry with the notices for both controls in one transaction.
   */
  commit(recordId: string, by?: LaneLife): Promise<Result<RecordSnapshot, StoreError>>;
  /** `passed` needs a `lastDoorReleased` before it. */
  end(recordId: string, ending: RecordEnding, by?: LaneLife): Promise<Result<RecordSnapshot, StoreError>>;
  /** An audit line that belongs to no record's state; chained into the same journal. Gives its journal sequence number. */
  audit(entry: AuditEntry): Promise<Result<number, StoreError>>;
  read(recordId: string): Promise<Result<RecordSnapshot, StoreError>>;
  /** Records without an end, `referred` ones included, oldest first. */
  live(laneId: string): Promise<Result<readonly RecordSnapshot[], StoreError>>;
  /** What is to be told next, oldest first; without what a control has refused for good, and what waits behind that. */
  outbox(side: Side, limit: number): Promise<Result<readonly OutboxNotice[], StoreError>>;
  noticeDelivered(id: number): Promise<Result<void, StoreError>>;
  noticeFailed(id: number): Promise<Result<void, StoreError>>;
  /** The control understood and said no, and would again: journaled once with its code, and kept for an officer. */
  noticeRefused(id: number, code: string): Promise<Result<void, StoreError>>;
  figures(laneId: string, sinceIso: string): Promise<Result<DayFigures, StoreError>>;
  /** Signs a checkpoint over the journal's head now; also done by itself every 100 entries or 60 s (G7). */
  checkpoint(): Promise<Result<void, StoreError>>;
  close(): Promise<void>;
}
