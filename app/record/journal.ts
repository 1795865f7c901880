import { z } from 'zod';
import { auditEntrySchema } from '../contract/audit-events.ts';
import { base64UrlSchema, hexDigestSchema, instantSchema, noticeStepSchema } from '../contract/control-protocol.ts';
import { laneIdSchema, ownerSchema, sideSchema } from '../contract/crossing.ts';
import { canonicalText } from '../crypto/canonical-json.ts';
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

/** An entry as tables hold it: the payload is canonical JSON. */
export interface JournalRow {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly record_id: string | null;
  readonly payload: string;
  readonly prev_hash: string;
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

const publicKeyEntry = z.strictObject({
  role: z.enum(['lane', 'exit', 'entry']),
  keyId: z.string().min(1).max(64),
  raw: base64UrlSchema.length(43),
});

/** Payloads of the entries that are no record's event. */
export const STORE_ENTRIES = {
  /** Always the first. */
  journalStarted: z.strictObject({ storeId: z.uuid(), format: z.literal(1) }),
  /** A public key counts from here on. */
  keyKnown: publicKeyEntry,
  /** A lane key that signs nothing new, named again because retention has erased the entry that introduced it. */
  keyRemembered: publicKeyEntry,
  audit: auditEntrySchema.omit({ recordId: true }),
  /** A sealed thing for the owner's officers lies in a table of its own until the record's end. */
  materialKept: z.strictObject({ owner: ownerSchema, keyId: z.string().max(64), digest: hexDigestSchema }),
  noticeDelivered: z.strictObject({ side: sideSchema, step: noticeStepSchema }),
  /** A lane started: what its earlier lives still ask for is refused from here on. */
  lifeBegan: z.strictObject({ laneId: laneIdSchema, life: z.int().min(1) }),
  /** Retention: records that ended before this instant are gone, and the journal now begins with `firstSeq`. */
  erased: z.strictObject({ before: instantSchema, records: z.int().min(0), firstSeq: z.int().min(1) }),
} as const;
export type StoreEntryType = keyof typeof STORE_ENTRIES;

export function journalHash(body: JournalBody): string {
  return journalHashOfText(body, canonicalText(body.payload));
}

/**
 * The entry after `head`, and its payload as the canonical text that was hashed and is to be stored.
 */
export function chain(
  draft: JournalDraft,
  head: JournalHead,
  at: string,
): { readonly entry: JournalEntry; readonly payloadText: string } {
  const body: JournalBody = { seq: head.seq + 1, at, ...draft, prevHash: head.hash };
  const payloadText = canonicalText(draft.payload);
  return { entry: { ...body, hash: journalHashOfText(body, payloadText) }, payloadText };
}

/**
 * RFC 8785 of the whole body with its payload already canonical: members in the order of their names. A stored payload
 * is hashed as it stands, so that a text which only means the same is found too.
 */
export function journalHashOfText(
  { seq, at, type, recordId, prevHash }: Omit<JournalBody, 'payload'>,
  payloadText: string,
): string {
  const [time, previous, record, kind] = [at, prevHash, recordId, type].map(canonicalText);
  return sha256Hex(
    `{"at":${time},"payload":${payloadText},"prevHash":${previous},"recordId":${record},"seq":${canonicalText(seq)},"type":${kind}}`,
  );
}
