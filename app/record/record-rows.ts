import { z } from 'zod';
import { controlAnswerSchema, hexDigestSchema, instantSchema } from '../contract/control-protocol.ts';
import {
  checkSchema,
  directionSchema,
  faceEvidenceSchema,
  laneIdSchema,
  ownerSchema,
  recordIdSchema,
  recordStateSchema,
  referralCodeSchema,
  type Side,
  sideSchema,
} from '../contract/crossing.ts';
import { canonicalText } from '../crypto/canonical-json.ts';
import type { RecordDoc } from './record-doc.ts';

/** The tables of a record beside the journal, in the order in which they are erased: rows that point at a record go before it. */
export const RECORD_TABLES = [
  'late_reports',
  'outbox',
  'receipts',
  'clearances',
  'answers',
  'referral_material',
  'claims',
  'records',
] as const;

/** The columns that are searched by, and one column of canonical JSON for the rest. */
export interface RecordRow {
  readonly record_id: string;
  readonly lane_id: string;
  readonly origin: string;
  readonly destination: string;
  readonly state: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly referred_at: string | null;
  readonly committed_at: string | null;
  readonly clearance: string;
  readonly evidence_digest: string | null;
  readonly rest: string;
}

export interface AnswerRow {
  readonly side: string;
  readonly answer: string;
}

const restSchema = z.strictObject({
  profileDigest: hexDigestSchema.nullable(),
  documentDigests: z.array(hexDigestSchema),
  checks: z.array(checkSchema),
  face: faceEvidenceSchema.nullable(),
  lastDoorRelease: z.strictObject({ door: z.int(), passagesBefore: z.int() }).nullable(),
  referral: z.strictObject({ owner: ownerSchema, code: referralCodeSchema }).nullable(),
  endCode: z.string().nullable(),
  resolution: z.strictObject({ officer: z.string(), reasonCode: z.string() }).nullable(),
  releaseOf: recordIdSchema.exactOptional(),
});

const headSchema = z.object({
  record_id: recordIdSchema,
  lane_id: laneIdSchema,
  state: recordStateSchema,
  opened_at: instantSchema,
  ended_at: instantSchema.nullable(),
  referred_at: instantSchema.nullable(),
  committed_at: instantSchema.nullable(),
  clearance: z.enum(['none', 'standing', 'voided']),
  evidence_digest: hexDigestSchema.nullable(),
});

export function rowOf(doc: RecordDoc): RecordRow {
  const { profileDigest, documentDigests, checks, face, lastDoorRelease, endCode, resolution } = doc;
  const referral = doc.referral === null ? null : { owner: doc.referral.owner, code: doc.referral.code };
  return {
    record_id: doc.recordId,
    lane_id: doc.laneId,
    origin: doc.direction.from,
    destination: doc.direction.to,
    state: doc.state,
    opened_at: doc.openedAt,
    ended_at: doc.endedAt,
    referred_at: doc.referral?.at ?? null,
    committed_at: doc.committedAt,
    clearance: doc.clearance,
    evidence_digest: doc.evidenceDigest,
    rest: canonicalText({
      profileDigest,
      documentDigests,
      checks,
      face,
      lastDoorRelease,
      referral,
      endCode,
      resolution,
      ...(doc.releaseOf === undefined ? {} : { releaseOf: doc.releaseOf }),
    }),
  };
}

/** Reads a row back; throws a ZodError or SyntaxError on one that this software cannot have written. */
export function docOf(row: RecordRow, answers: readonly AnswerRow[]): RecordDoc {
  const head = headSchema.parse(row);
  const rest = restSchema.parse(JSON.parse(row.rest));
  return {
    recordId: head.record_id,
    laneId: head.lane_id,
    direction: directionSchema.parse({ from: row.origin, to: row.destination }),
    state: head.state,
    openedAt: head.opened_at,
    endedAt: head.ended_at,
    evidenceDigest: head.evidence_digest,
    clearance: head.clearance,
    committedAt: head.committed_at,
    answers: answersOf(answers),
    ...rest,
    referral: rest.referral === null ? null : { ...rest.referral, at: head.referred_at ?? head.opened_at },
  };
}

function answersOf(rows: readonly AnswerRow[]): RecordDoc['answers'] {
  const answers: Record<Side, RecordDoc['answers'][Side]> = { exit: null, entry: null };
  for (const row of rows) answers[sideSchema.parse(row.side)] = controlAnswerSchema.parse(JSON.parse(row.answer));
  return answers;
}
