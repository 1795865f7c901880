import { z } from 'zod';
import {
  controlAnswerSchema,
  hexDigestSchema,
  instantSchema,
  noticeSchema,
  sealedSchema,
} from '../../contract/control-protocol.ts';
import {
  checkSchema,
  directionSchema,
  faceEvidenceSchema,
  laneIdSchema,
  ownerSchema,
  recordIdSchema,
  recordStateSchema,
  referralCodeSchema,
} from '../../contract/crossing.ts';
import { openRecordSchema, recordEndingSchema, recordFactSchema } from '../record-events.ts';
import type { DayFigures, OutboxNotice, RecordEnding, RecordFact, RecordSnapshot, StoreError } from '../store.ts';

/** The joint record between lane and hub: the store's own shapes as zod reads them. */

export { openRecordSchema };

/** One change of a record: a fact, the commit, or the ending. */
export type RecordStep =
  | { readonly step: 'append'; readonly fact: RecordFact }
  | { readonly step: 'commit' }
  | { readonly step: 'end'; readonly ending: RecordEnding };
const MAX_STEPS = 8;
export const recordStepSchema = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('append'), fact: recordFactSchema }),
  z.strictObject({ step: z.literal('commit') }),
  z.strictObject({ step: z.literal('end'), ending: recordEndingSchema }),
]);
export const recordStepsSchema = z.strictObject({ steps: z.array(recordStepSchema).min(1).max(MAX_STEPS) });

export const recordSnapshotSchema: z.ZodType<RecordSnapshot> = z.strictObject({
  recordId: recordIdSchema,
  laneId: laneIdSchema,
  direction: directionSchema,
  state: recordStateSchema,
  openedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  checks: z.array(checkSchema).max(32),
  face: faceEvidenceSchema.nullable(),
  answers: z.strictObject({ exit: controlAnswerSchema.nullable(), entry: controlAnswerSchema.nullable() }),
  evidenceDigest: hexDigestSchema.nullable(),
  lastDoorRelease: z.strictObject({ door: z.int(), passagesBefore: z.int() }).nullable(),
  clearance: z.enum(['none', 'standing', 'voided']),
  referral: z.strictObject({ owner: ownerSchema, code: referralCodeSchema }).nullable(),
  releaseOf: recordIdSchema.exactOptional(),
});
/**
 * The record after the steps that were done. `refusal` is why the next one was not; those after it were not tried. When
 * not even the first was done, the answer is a problem (`recordRefused` or `storeFailed`) instead.
 */
export const stepsAnswerSchema = z.strictObject({
  record: recordSnapshotSchema,
  done: z.int().min(1).max(MAX_STEPS),
  refusal: z.lazy(() => storeErrorSchema).nullable(),
});
export const materialSchema = z.strictObject({ sealed: sealedSchema.nullable() });
export const keepMaterialSchema = z.strictObject({ sealed: sealedSchema });
export const liveRecordsSchema = z.strictObject({ records: z.array(recordSnapshotSchema).max(10_000) });

export const storeErrorSchema: z.ZodType<StoreError> = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('duplicateDocument'), liveRecordId: recordIdSchema }),
  z.strictObject({ code: z.literal('unknownRecord'), recordId: z.string().max(64) }),
  z.strictObject({
    code: z.literal('wrongState'),
    recordId: recordIdSchema,
    state: recordStateSchema,
    late: z.literal(true).exactOptional(),
  }),
  z.strictObject({ code: z.literal('earlierLife'), laneId: laneIdSchema, life: z.int().min(1) }),
  z.strictObject({
    code: z.literal('commitRefused'),
    recordId: recordIdSchema,
    reason: z.enum(['answerMissing', 'notClear', 'expired', 'badSignature', 'foreignAnswer']),
  }),
  z.strictObject({ code: z.literal('storeFailed'), detail: z.string().max(500) }),
]);

export const outboxSchema = z.strictObject({
  notices: z
    .array(z.strictObject({ id: z.int().min(1), attempts: z.int().min(0), notice: noticeSchema }))
    .max(1000) as unknown as z.ZodType<readonly OutboxNotice[]>,
});

const count = z.int().min(0);
export const dayFiguresSchema: z.ZodType<DayFigures> = z.strictObject({
  opened: count,
  passed: count,
  refused: count,
  referred: count,
  abandoned: count,
  voided: count,
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
});
