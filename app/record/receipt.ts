import type { Receipt, ReceiptBody } from '../contract/receipt.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import { type SigningKey, verifySignature } from '../crypto/signing.ts';
import type { JournalHead } from './journal.ts';
import type { RecordDoc } from './record-doc.ts';

export { type Receipt, type ReceiptBody, receiptBodySchema, receiptSchema } from '../contract/receipt.ts';

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
