import { z } from 'zod';
import { base64UrlSchema, hexDigestSchema, instantSchema } from '../contract/control-protocol.ts';
import { directionSchema, laneIdSchema, recordIdSchema } from '../contract/crossing.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import { type SigningKey, verifySignature } from '../crypto/signing.ts';
import type { JournalHead } from './journal.ts';
import type { RecordDoc } from './record-doc.ts';

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

/** The receipt's body for a record that has passed. Throws on a record that was never committed: that is a bug. */
export function receiptBodyOf(doc: RecordDoc, storeId: string, journal: JournalHead): ReceiptBody {
  const { exit, entry } = doc.answers;
  const { evidenceDigest, committedAt, endedAt } = doc;
  if (exit === null || entry === null || evidenceDigest === null || committedAt === null || endedAt === null) {
    throw new Error('a receipt needs a committed and passed record');
  }
  return {
    version: 1,
    storeId,
    recordId: doc.recordId,
    laneId: doc.laneId,
    direction: doc.direction,
    evidenceDigest,
    answers: { exit: sha256Hex(canonicalBytes(exit)), entry: sha256Hex(canonicalBytes(entry)) },
    committedAt,
    passedAt: endedAt,
    journal: { seq: journal.seq, hash: journal.hash },
  };
}

export function signReceipt(body: ReceiptBody, key: SigningKey): Receipt {
  return { body, keyId: key.keyId, signature: key.sign(canonicalBytes(body)) };
}

/** Either side alone, with the lane's public key only. */
export function verifyReceipt(receipt: Receipt, publicKeyRaw: string): boolean {
  return verifySignature(publicKeyRaw, canonicalBytes(receipt.body), receipt.signature);
}
