import { z } from 'zod';
import { base64UrlSchema, hexDigestSchema, instantSchema } from './control-protocol.ts';
import { directionSchema, laneIdSchema, recordIdSchema } from './crossing.ts';

/**
 * What both sides get, word for word the same, when the traveller has passed. It names both signed answers by digest
 * (a side checks its own, and that the other one was given, without reading the other's reason) and the journal entry,
 * so a side that keeps its receipts can show later that a journal was cut or replaced.
 */
export const receiptBodySchema = z.strictObject({
  version: z.literal(1),
  storeId: z.uuid(),
  recordId: recordIdSchema,
  laneId: laneIdSchema,
  direction: directionSchema,
  evidenceDigest: hexDigestSchema,
  answers: z.strictObject({ exit: hexDigestSchema, entry: hexDigestSchema }),
  committedAt: instantSchema,
  passedAt: instantSchema,
  journal: z.strictObject({ seq: z.int().min(1), hash: hexDigestSchema }),
});
export type ReceiptBody = z.infer<typeof receiptBodySchema>;

export const receiptSchema = z.strictObject({
  body: receiptBodySchema,
  keyId: z.string().max(64),
  signature: base64UrlSchema.max(128),
});
export type Receipt = z.infer<typeof receiptSchema>;
