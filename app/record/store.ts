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
  readonly referral: { readonly owner: Owner; readonly code: ReferralCode } | null;
}

export type StoreError =
  | { readonly code: 'duplicateDocument'; readonly liveRecordId: string }
  | { readonly code: 'unknownRecord'; readonly recordId: string }
  /** The record's state does not allow this fact, e.g. a passage for a voided record. Nothing was written. */
  | { readonly code: 'wrongState'; readonly recordId: string; readonly state: RecordState }
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

/** What an administrator's jobs may do with a lane's store. */
export interface RecordUpkeep {
  /** Erases records that ended before an instant, and the journal's front with them; audited. Takes seconds on a big file. */
  eraseBefore(beforeIso: string): Promise<Result<ErasureReport, StoreError>>;
  /** Signs with another lane key from now on; the old one closes its part with a checkpoint. PKCS#8 PEM, Ed25519. */
  rotateLaneKey(pem: string): Promise<Result<void, StoreError>>;
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
  open(input: OpenRecord): Promise<Result<RecordSnapshot, StoreError>>;
  append(recordId: string, fact: RecordFact): Promise<Result<RecordSnapshot, StoreError>>;
  /**
   * G1 and G2: verifies both stored answers itself (signature, side, record, evidence digest, `clear`, not expired) and
   * writes exit and entry with the notices for both controls in one transaction.
   */
  commit(recordId: string): Promise<Result<RecordSnapshot, StoreError>>;
  end(recordId: string, ending: RecordEnding): Promise<Result<RecordSnapshot, StoreError>>;
  /** An audit line that belongs to no record's state; chained into the same journal. Gives its journal sequence number. */
  audit(entry: AuditEntry): Promise<Result<number, StoreError>>;
  read(recordId: string): Promise<Result<RecordSnapshot, StoreError>>;
  /** Records without an end, `referred` ones included, oldest first. */
  live(laneId: string): Promise<Result<readonly RecordSnapshot[], StoreError>>;
  outbox(side: Side, limit: number): Promise<Result<readonly OutboxNotice[], StoreError>>;
  noticeDelivered(id: number): Promise<Result<void, StoreError>>;
  noticeFailed(id: number): Promise<Result<void, StoreError>>;
  figures(laneId: string, sinceIso: string): Promise<Result<DayFigures, StoreError>>;
  /** Signs a checkpoint over the journal's head now; also done by itself every 100 entries or 60 s (G7). */
  checkpoint(): Promise<Result<void, StoreError>>;
  close(): Promise<void>;
}
