import { z } from 'zod';
import {
  controlAnswerSchema,
  hexDigestSchema,
  instantSchema,
  jointEvidenceSchema,
  sealedSchema,
} from '../contract/control-protocol.ts';
import {
  abandonCodeSchema,
  checkSchema,
  directionSchema,
  faceEvidenceSchema,
  laneIdSchema,
  ownerSchema,
  recordIdSchema,
  referralCodeSchema,
  resolutionActionSchema,
  sideSchema,
  voidCodeSchema,
} from '../contract/crossing.ts';
import type { OpenRecord, RecordEnding, RecordFact } from './store.ts';

/**
 * Everything that can happen to a record. An event without its `type` is the payload of one journal entry, so the
 * journal alone is enough to rebuild every record. The schemas stand at both borders: before writing, and when a
 * journal is read back for verification.
 */
export type RecordEvent =
  | { readonly type: 'opened'; readonly opening: OpenRecord }
  | RecordFact
  | { readonly type: 'committed'; readonly clearUntil: string }
  | RecordEnding;
export type RecordEventType = RecordEvent['type'];

const checksSchema = z.array(checkSchema).max(32);
const digestsSchema = z.array(hexDigestSchema).max(16);
const counterSchema = z.int().min(0);
/** An officer's account and a reason code: short words, so that nobody writes a story about a traveller here. */
const wordSchema = z.string().regex(/^[\w.@-]{1,64}$/);

export const openRecordSchema = z.strictObject({
  recordId: recordIdSchema,
  laneId: laneIdSchema,
  direction: directionSchema,
  documentDigests: digestsSchema.min(1),
  profileDigest: hexDigestSchema.nullable(),
  checks: checksSchema,
  release: z
    .strictObject({
      of: recordIdSchema,
      side: sideSchema,
      grant: sealedSchema,
    })
    .exactOptional(),
});

const factSchemas = [
  z.strictObject({
    type: z.literal('identified'),
    profileDigest: hexDigestSchema,
    documentDigests: digestsSchema,
    checks: checksSchema,
  }),
  z.strictObject({ type: z.literal('verified'), face: faceEvidenceSchema, checks: checksSchema }),
  z.strictObject({ type: z.literal('asked'), evidence: jointEvidenceSchema, evidenceDigest: hexDigestSchema }),
  z.strictObject({ type: z.literal('answered'), answer: controlAnswerSchema }),
  z.strictObject({ type: z.literal('lastDoorReleased'), door: z.int().min(1).max(9), passagesBefore: counterSchema }),
] as const;

const endingSchemas = [
  z.strictObject({ type: z.literal('passed'), passagesAfter: counterSchema.nullable() }),
  z.strictObject({ type: z.literal('refused'), owner: sideSchema }),
  z.strictObject({ type: z.literal('referred'), owner: ownerSchema, code: referralCodeSchema, checks: checksSchema }),
  z.strictObject({
    type: z.literal('resolved'),
    action: resolutionActionSchema,
    officer: wordSchema,
    reasonCode: wordSchema,
  }),
  z.strictObject({ type: z.literal('abandoned'), code: abandonCodeSchema }),
  z.strictObject({ type: z.literal('voided'), code: voidCodeSchema }),
] as const;

export const recordFactSchema = z.discriminatedUnion('type', factSchemas);
export const recordEndingSchema = z.discriminatedUnion('type', endingSchemas);

/** Any event as the journal holds it. */
export const recordEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('opened'), opening: openRecordSchema }),
  z.strictObject({ type: z.literal('committed'), clearUntil: instantSchema }),
  ...factSchemas,
  ...endingSchemas,
]);

/** The journal's columns already say type and record; its payload is the rest. */
export function payloadOf(event: RecordEvent): unknown {
  const { type: _type, ...payload } = event;
  return payload;
}
