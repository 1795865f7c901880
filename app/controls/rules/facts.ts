import type { ControlRelease, JointEvidence, SideDocument } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';

/** What the side's register knows about an enrolled holder. */
export interface Enrolment {
  /** Last calendar day it holds, or null when it has no end. */
  readonly validUntil: string | null;
  readonly consentGivenAt: string | null;
  /** 1.2 m or more, as seen at enrolment; null when nobody looked. */
  readonly tallEnough: boolean | null;
}

/** A permission to travel that is written into a permit. */
export interface Endorsement {
  readonly id: string;
  /** Entries not used up and not held by a crossing under way; null means any number. */
  readonly remaining: number | null;
  readonly stayDays: number;
  readonly validFrom: string;
  readonly validUntil: string;
}

export type Place = 'inside' | 'outside';

export interface Presence {
  /** Where the holder was last known to be: inside the side's territory or outside it. */
  readonly place: Place;
  readonly sinceMs: number;
  /** Last calendar day of the stay granted at entry. */
  readonly permittedUntil: string | null;
}

const WATCH_STRENGTHS = ['document', 'person', 'name'] as const;
/** Exact document, exact name with date of birth, or a name that is alike. */
export type WatchStrength = (typeof WATCH_STRENGTHS)[number];

export interface WatchlistHit {
  readonly entryId: string;
  readonly strength: WatchStrength;
  readonly word: 'refer' | 'refuse';
}

/** Everything a decision rests on, looked up beforehand: the rules themselves touch no clock and no store. */
export interface Facts {
  readonly side: Side;
  readonly atMs: number;
  /** Calendar day of the crossing in the rule set's time zone. */
  readonly today: string;
  readonly document: SideDocument;
  readonly evidence: JointEvidence;
  readonly consentGivenAt: string | null;
  readonly enrolment: Enrolment | null;
  readonly endorsements: readonly Endorsement[];
  /** Crossings counted today by quota id. */
  readonly quotaUsed: Readonly<Record<string, number>>;
  readonly presence: Presence | null;
  readonly crossingUnderWay: boolean;
  readonly watchlistHits: readonly WatchlistHit[];
  /** Of this side's own officers, for this very record. */
  readonly release: ControlRelease | null;
}
