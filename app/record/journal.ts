import { z } from 'zod';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';

/** The hash before the first entry. */
export const NO_HASH = '0'.repeat(64);

/** What goes into an entry's hash, in RFC 8785 JSON. */
export interface JournalBody {
  /** 1, 2, 3, ... without gaps. */
  readonly seq: number;
  /** ISO instant of the store's clock. May step back when the clock does; `seq` is the order. */
  readonly at: string;
  readonly type: string;
  readonly recordId: string | null;
  readonly payload: unknown;
  readonly prevHash: string;
}

export interface JournalEntry extends JournalBody {
  readonly hash: string;
}

/** The end of the chain so far. */
export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

/** An entry before it has its place. */
export interface JournalDraft {
  readonly type: string;
  readonly recordId: string | null;
  readonly payload: unknown;
}

/** Types of entries that are no record's event. */
export const STORE_ENTRIES = ['journalStarted', 'keyKnown', 'audit', 'noticeDelivered', 'erased'] as const;

export const journalStartedSchema = z.strictObject({ storeId: z.uuid(), format: z.literal(1) });

export function journalHash(body: JournalBody): string {
  const { seq, at, type, recordId, payload, prevHash } = body;
  return sha256Hex(canonicalBytes({ seq, at, type, recordId, payload, prevHash }));
}

export function chain(draft: JournalDraft, head: JournalHead, at: string): JournalEntry {
  const body: JournalBody = { seq: head.seq + 1, at, ...draft, prevHash: head.hash };
  return { ...body, hash: journalHash(body) };
}
