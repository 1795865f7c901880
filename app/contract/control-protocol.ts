import { z } from 'zod';
import {
  checkIdSchema,
  checkSchema,
  controlWordSchema,
  directionSchema,
  faceEvidenceSchema,
  laneIdSchema,
  reasonCodeSchema,
  recordIdSchema,
  sideSchema,
} from './crossing.ts';
import { officerNumberSchema } from './officer-account.ts';

/**
 * The control protocol, version 1: what a lane asks a boundary control and what the control signs.
 * The embedded rule engine and a control on the network speak the same shapes.
 */
export const CONTROL_PROTOCOL_VERSION = 1;

export const hexDigestSchema = z.string().regex(/^[0-9a-f]{64}$/);
export const base64UrlSchema = z.string().regex(/^[A-Za-z0-9_-]+$/);
export const instantSchema = z.iso.datetime();

/** The evidence both sides sign: digests, checks and numbers, no personal data. Its SHA-256 over RFC 8785 JSON is the evidence digest. */
export const jointEvidenceSchema = z.strictObject({
  version: z.literal(CONTROL_PROTOCOL_VERSION),
  recordId: recordIdSchema,
  laneId: laneIdSchema,
  direction: directionSchema,
  /** HMAC-SHA-256 of each side's document under the port's document key. */
  documents: z.strictObject({ exit: hexDigestSchema, entry: hexDigestSchema }),
  checks: z.array(checkSchema).max(32),
  face: faceEvidenceSchema,
  collectedAt: instantSchema,
});
export type JointEvidence = z.infer<typeof jointEvidenceSchema>;

/** ISO calendar date, or a date with unknown parts as Doc 9303 allows (`1974-xx-xx`). */
export const calendarDateSchema = z.string().regex(/^\d{4}-(\d\d|xx)-(\d\d|xx)$/);

/** Kinds of document the controls know; each side says which it accepts. */
export const DOCUMENT_KINDS = [
  'passport',
  'exitEntryPermit',
  'homeReturnPermit',
  'taiwanResidentPermit',
  'macaoResidentCard',
  'hongKongIdentityCard',
  'identityCard',
] as const;
export const documentKindSchema = z.enum(DOCUMENT_KINDS);
export type DocumentKind = z.infer<typeof documentKindSchema>;

/** One side's own document: only that side's control ever sees it. */
export const sideDocumentSchema = z.strictObject({
  kind: documentKindSchema,
  issuingState: z.string().regex(/^[A-Z]{1,3}$/),
  number: z.string().regex(/^[A-Z0-9]{1,22}$/),
  nationality: z.string().regex(/^[A-Z]{1,3}$/),
  birthDate: calendarDateSchema,
  expiryDate: calendarDateSchema,
  sex: z.enum(['F', 'M', 'X']),
  /** Primary then secondary identifier, as in the MRZ, for fuzzy watchlist entries. */
  name: z.string().max(128),
});
export type SideDocument = z.infer<typeof sideDocumentSchema>;

/** What a control reads in clear after opening its own sealed reason. */
export const controlReasonSchema = z.strictObject({
  code: z.string().max(64),
  /** Which rule of the rule set spoke. */
  rule: z.string().max(128),
  silent: z.boolean(),
});
export type ControlReason = z.infer<typeof controlReasonSchema>;

/** One decision of a side's officers about somebody who stands in the lane. */
export const releaseGrantSchema = z.strictObject({
  /** The record that had referred or refused them. */
  releaseOf: recordIdSchema,
  /** One, or two different ones. */
  officers: z
    .array(officerNumberSchema)
    .min(1)
    .max(2)
    .refine((officers) => new Set(officers).size === officers.length, 'two different officers'),
  reasonCode: reasonCodeSchema,
  at: instantSchema,
  /** What they saw of their own control's reason; null: the lane had referred, on the checks below. */
  reason: controlReasonSchema.nullable(),
  /** The lane's own checks that they have judged themselves, on face or document. */
  checks: z.array(checkIdSchema).max(32),
});
export type ReleaseGrant = z.infer<typeof releaseGrantSchema>;
export const MAX_GRANTS = 8;

/** What the officers of one side have released so far for the person of this record, oldest first. Told to that side only (G5). */
export const controlReleaseSchema = z.strictObject({
  side: sideSchema,
  recordId: recordIdSchema,
  grants: z.array(releaseGrantSchema).min(1).max(MAX_GRANTS),
});
export type ControlRelease = z.infer<typeof controlReleaseSchema>;

export const prepareRequestSchema = z.strictObject({
  version: z.literal(CONTROL_PROTOCOL_VERSION),
  side: sideSchema,
  evidence: jointEvidenceSchema,
  document: sideDocumentSchema,
  consentGivenAt: instantSchema.nullable(),
  /** The answer must arrive before this instant; a late one counts as `refer`. */
  deadline: instantSchema,
  /** Of this side's own officers. On the network it goes in a header: a control that does not know it decides as ever. */
  release: controlReleaseSchema.exactOptional(),
});
export type PrepareRequest = z.infer<typeof prepareRequestSchema>;

/** Sealed to the owning side's public key: only that side's officers can read it (G5). */
export const sealedSchema = z.strictObject({
  keyId: z.string().max(64),
  /** Ephemeral X25519 public key, raw 32 bytes. */
  ephemeral: base64UrlSchema.max(64),
  nonce: base64UrlSchema.max(24),
  /** AES-256-GCM ciphertext with its tag. */
  box: base64UrlSchema.max(1_000_000),
});
export type Sealed = z.infer<typeof sealedSchema>;

/** The part of an answer that the control signs with its Ed25519 key, over RFC 8785 JSON. */
export const answerBodySchema = z.strictObject({
  version: z.literal(CONTROL_PROTOCOL_VERSION),
  side: sideSchema,
  recordId: recordIdSchema,
  evidenceDigest: hexDigestSchema,
  word: controlWordSchema,
  answeredAt: instantSchema,
  expiresAt: instantSchema,
  ruleVersion: z.string().max(64),
  reason: sealedSchema.nullable(),
});
export type AnswerBody = z.infer<typeof answerBodySchema>;

export const controlAnswerSchema = z.strictObject({
  body: answerBodySchema,
  keyId: z.string().max(64),
  signature: base64UrlSchema.max(128),
});
export type ControlAnswer = z.infer<typeof controlAnswerSchema>;

/** Notices after the answers: delivered at least once, in order, idempotent by record id and step. */
export const NOTICE_STEPS = ['commit', 'void', 'receipt'] as const;
export const noticeStepSchema = z.enum(NOTICE_STEPS);
export type NoticeStep = z.infer<typeof noticeStepSchema>;

export const noticeSchema = z.strictObject({
  version: z.literal(CONTROL_PROTOCOL_VERSION),
  side: sideSchema,
  step: noticeStepSchema,
  recordId: recordIdSchema,
  at: instantSchema,
  /** For `receipt`: the signed receipt; for `void`: the void code. Never the other side's reason. */
  detail: z.record(z.string(), z.unknown()).nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;

/**
 * What became of a record, as its home says to a control that asks (`GET /v1/crossings/{id}`): `open` may still be committed,
 * `voided` stands for every end without a crossing, `unknown` for a record this home does not have.
 */
export const RECORD_OUTCOMES = ['open', 'committed', 'passed', 'voided', 'unknown'] as const;
export const recordOutcomeSchema = z.strictObject({ recordId: recordIdSchema, outcome: z.enum(RECORD_OUTCOMES) });
export type RecordOutcome = (typeof RECORD_OUTCOMES)[number];

/** Who failed how when a control was asked. `invalidAnswer` is a security alarm: garbage, wrong signature, foreign or stale answer. */
export type ControlError =
  | { readonly code: 'controlUnreachable'; readonly side: 'exit' | 'entry'; readonly detail: string }
  | { readonly code: 'controlTimeout'; readonly side: 'exit' | 'entry'; readonly timeoutMs: number }
  | {
      readonly code: 'controlAnswerInvalid';
      readonly side: 'exit' | 'entry';
      readonly problem:
        | 'malformed'
        | 'badSignature'
        | 'unknownKey'
        | 'foreignRecord'
        | 'foreignEvidence'
        | 'wrongSide'
        | 'stale'
        | 'expired';
    };
