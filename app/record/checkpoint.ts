import { z } from 'zod';
import { base64UrlSchema, hexDigestSchema, instantSchema } from '../contract/control-protocol.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { type SigningKey, verifySignature } from '../crypto/signing.ts';

/**
 * A signed statement: "this store's journal goes from entry `firstSeq` to entry `seq`, and the last one hashes to
 * `hash`". `firstSeq` is 1 until retention has erased older entries; `firstPrevHash` is then what the chain begins on.
 */
export const checkpointBodySchema = z.strictObject({
  version: z.literal(1),
  storeId: z.uuid(),
  firstSeq: z.int().min(1),
  firstPrevHash: hexDigestSchema,
  seq: z.int().min(1),
  hash: hexDigestSchema,
  at: instantSchema,
});
export type CheckpointBody = z.infer<typeof checkpointBodySchema>;

export const checkpointSchema = z.strictObject({
  body: checkpointBodySchema,
  keyId: z.string().max(64),
  signature: base64UrlSchema.max(128),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** When a checkpoint is due by itself. crossing.md, G7: at least every 100 entries or 60 s. */
export interface CheckpointPolicy {
  readonly everyEntries: number;
  readonly everyMs: number;
}
export const CHECKPOINT_POLICY: CheckpointPolicy = { everyEntries: 100, everyMs: 60_000 };

export function signCheckpoint(body: CheckpointBody, key: SigningKey): Checkpoint {
  return { body, keyId: key.keyId, signature: key.sign(canonicalBytes(body)) };
}

export function verifyCheckpoint(checkpoint: Checkpoint, publicKeyRaw: string): boolean {
  return verifySignature(publicKeyRaw, canonicalBytes(checkpoint.body), checkpoint.signature);
}
