import { z } from 'zod';
import { auditEntrySchema } from './audit-events.ts';
import { base64UrlSchema, hexDigestSchema, instantSchema } from './control-protocol.ts';
import { laneIdSchema, recordIdSchema } from './crossing.ts';
import { officerSchema } from './officer-account.ts';
import { consoleReplySchema } from './supervisor-console.ts';
import { supervisorActionSchema, supervisorViewSchema } from './supervisor-view.ts';

/**
 * The hub protocol, version 1. Two doors on two ports, one table of paths each:
 * - lanes: HTTPS with mutual TLS; the certificate's subject common name is the lane's id. Every request but `registerLife`
 *   carries `jointgate-life`, the number `registerLife` gave; a request of an earlier life is refused (`earlierLife`).
 * - console: HTTPS with the hub's certificate only; officers sign in and hold a session cookie (HttpOnly, Secure,
 *   SameSite=Strict). Requests that are not GET also carry `jointgate-console: 1`, which no foreign page can send.
 * Every refusal is a problem (`hub-problems.ts`). The joint record's own shapes are in `app/record/remote/wire.ts`.
 */
export const HUB_PROTOCOL_VERSION = 1;
export const MAX_HUB_BODY_BYTES = 1024 * 1024;

export const LIFE_HEADER = 'jointgate-life';
/** 1 for the first try of a call, more for a repeat after a lost answer: what the call asked for may have been done. */
export const ATTEMPT_HEADER = 'jointgate-attempt';
export const CONSOLE_HEADER = 'jointgate-console';
/** The prefix binds it to this host, HTTPS and the whole path: no other page of the domain can plant it. */
export const SESSION_COOKIE = '__Host-jointgate-session';
export const lifeSchema = z.int().min(1).max(2_147_483_647);
export const counterHeaderSchema = z.string().regex(/^[1-9]\d{0,9}$/);

export const LANE_PATHS = {
  /** POST registerLife -> life */
  life: '/v1/lane/life',
  /** POST OpenRecord -> RecordSnapshot */
  records: '/v1/records',
  /** GET -> RecordSnapshot[], this lane's records without an end */
  live: '/v1/records/live',
  /** GET -> RecordSnapshot */
  record: '/v1/records/:id',
  /** POST RecordStep[] -> RecordSnapshot; done one after the other in one transaction until one is refused */
  steps: '/v1/records/:id/steps',
  /** PUT Sealed; GET -> { sealed } */
  material: '/v1/records/:id/material',
  /** POST { key, entry } -> { seq } */
  audit: '/v1/audit',
  /** GET ?side&limit -> OutboxNotice[] of this lane's records */
  outbox: '/v1/outbox',
  /** POST outboxMarks */
  outboxMarks: '/v1/outbox/marks',
  /** GET -> recordOutcome: for a control that never heard what became of its clear; the answer is one word, so no lane's own */
  outcome: '/v1/crossings/:id',
  /** GET -> hubKeys: what the hub signs receipts and checkpoints with */
  keys: '/v1/keys',
  /** GET ?since -> DayFigures */
  figures: '/v1/figures',
  /** POST {} */
  checkpoint: '/v1/checkpoint',
  /** GET -> { documents } */
  documents: '/v1/documents',
  /** GET, ETag `"version"`, If-None-Match -> hubDocument or 304 */
  document: '/v1/documents/:kind/:name',
  /** GET -> { nextSeq } of one local journal */
  journalHead: '/v1/journals/:storeId',
  /** POST journalUpload -> journalTaken */
  journal: '/v1/journals/:storeId/entries',
  /** PUT { views } : the newest views, one a viewer */
  views: '/v1/lane/views',
  /**
   * GET ?after&waitMs -> laneActions: long poll for what officers at a console want of this lane. Version 2: an officer comes with
   * their authority. Lanes that would take a hub's word for the side ask at `/v1` and find nothing.
   */
  actions: '/v2/lane/actions',
  /** POST actionReply: what came of one action */
  actionReply: '/v2/lane/actions/:actionId/reply',
} as const;

/** The console's own words are `supervisor-console.ts`, the same as in the lane's window. */
export const CONSOLE_PATHS = {
  /** POST consoleRequest -> consoleReply. Signing in sets the session's cookie, signing out clears it. */
  requests: '/console/v1/requests',
  /** GET text/event-stream: `update` events with consoleUpdate as data; `: beat` comments at least every 15 s */
  updates: '/console/v1/updates',
  /** GET -> { documents } */
  documents: '/console/v1/documents',
  /** GET -> hubDocument; PUT putDocument -> { version } */
  document: '/console/v1/documents/:kind/:name',
} as const;

export const registerLifeSchema = z.strictObject({
  version: z.literal(HUB_PROTOCOL_VERSION),
  software: z.string().max(64),
});
/** `at`: the hub's clock. A lane whose clock is far from it is out of service. */
export const lifeAnswerSchema = z.strictObject({ laneId: laneIdSchema, life: lifeSchema, at: instantSchema });
export type LifeAnswer = z.infer<typeof lifeAnswerSchema>;

export const hubKeysSchema = z.strictObject({
  keys: z
    .array(z.strictObject({ keyId: z.string().min(1).max(64), raw: base64UrlSchema.length(43) }))
    .min(1)
    .max(16),
});

/** `key` makes a repeat after a lost answer find the line that was written. */
export const auditCallSchema = z.strictObject({ key: z.uuid(), entry: auditEntrySchema });
export const auditAnswerSchema = z.strictObject({ seq: z.int().min(1) });

export const outboxMarksSchema = z.strictObject({
  delivered: z.array(z.int().min(1)).max(500),
  failed: z.array(z.int().min(1)).max(500),
  /** Understood and refused by the control, with its code; each waits for an officer. */
  refused: z.array(z.strictObject({ id: z.int().min(1), code: z.string().max(64) })).max(500),
});
export type OutboxMarks = z.infer<typeof outboxMarksSchema>;

/** What is distributed to lanes: enrolled profiles, each side's rules, trust lists. Content is theirs to read by their own schemas. */
export const DOCUMENT_KINDS_OF_HUB = ['profiles', 'rules', 'trust'] as const;
export const hubDocumentKindSchema = z.enum(DOCUMENT_KINDS_OF_HUB);
export const hubDocumentNameSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/);
const documentHead = {
  kind: hubDocumentKindSchema,
  name: hubDocumentNameSchema,
  version: z.int().min(1),
  /** SHA-256 of the content's RFC 8785 JSON. */
  sha256: hexDigestSchema,
  changedAt: instantSchema,
  changedBy: z.string().max(64),
};
export const hubDocumentHeadSchema = z.strictObject(documentHead);
export type HubDocumentHead = z.infer<typeof hubDocumentHeadSchema>;
export const hubDocumentSchema = z.strictObject({ ...documentHead, content: z.json() });
export type HubDocument = z.infer<typeof hubDocumentSchema>;
export const documentListSchema = z.strictObject({ documents: z.array(hubDocumentHeadSchema).max(1000) });
/** `basedOn`: the version that was read; 0 for a new one. */
export const putDocumentSchema = z.strictObject({ basedOn: z.int().min(0), content: z.json() });

/** One entry of a lane's local journal, as its file has it. */
export const journalRowSchema = z.strictObject({
  seq: z.int().min(1),
  at: instantSchema,
  type: z.string().max(64),
  record_id: recordIdSchema.nullable(),
  payload: z.string().max(200_000),
  prev_hash: hexDigestSchema,
  hash: hexDigestSchema,
});
/** In order, without gaps. What was taken before may come again; it must be the same. */
export const journalUploadSchema = z.strictObject({ entries: z.array(journalRowSchema).min(1).max(500) });
/** `conflicts`: records made while the hub was away whose document or profile was live elsewhere; each is a referral now. */
export const journalTakenSchema = z.strictObject({
  nextSeq: z.int().min(1),
  merged: z.int().min(0),
  conflicts: z.array(recordIdSchema).max(500),
});
export type JournalTaken = z.infer<typeof journalTakenSchema>;
export const journalHeadSchema = z.strictObject({ nextSeq: z.int().min(1) });

export const laneViewsSchema = z.strictObject({ views: z.array(supervisorViewSchema).min(1).max(3) });

/** What an officer at a console wants of one lane: to act, or to see a referral's pictures. The lane checks it as its own window's. */
export const laneActionSchema = z.strictObject({
  id: z.int().min(1),
  /** Who, and of which authority. Whose eyes and deeds these are on its two sides, the lane itself says. */
  by: officerSchema,
  /** Whoever stood by the decision as the second officer of the same side. */
  second: officerSchema.nullable(),
  /** They have just proved again who they are, for this one action. Only where an action asks for it. */
  fresh: z.literal(true).exactOptional(),
  request: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('act'), action: supervisorActionSchema }),
    z.strictObject({ type: z.literal('pictures'), recordId: recordIdSchema }),
  ]),
});
export type LaneAction = z.infer<typeof laneActionSchema>;
/** `next`: ask with `after` = this. Without `after` a lane that has just started gets no actions, only where to begin. */
export const laneActionsSchema = z.strictObject({
  actions: z.array(laneActionSchema).max(100),
  next: z.int().min(0),
});
export type LaneActions = z.infer<typeof laneActionsSchema>;
export const MAX_ACTION_WAIT_MS = 25_000;
export const actionReplySchema = z.strictObject({ reply: consoleReplySchema });

/** What a lane does while no hub answers. `laneOnly` also needs an officer's consent each time. */
export const hubOutagePolicySchema = z.enum(['failClosed', 'laneOnly']);
export type HubOutagePolicy = z.infer<typeof hubOutagePolicySchema>;
