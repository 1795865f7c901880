import type { ControlAnswer, Notice } from '../contract/control-protocol.ts';
import { receiptSchema } from '../contract/receipt.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import { verifySignature } from '../crypto/signing.ts';
import type { ControlKey } from './control.ts';

/**
 * Whether a receipt is the lane's own: signed by a lane key this side knows, about this record, and naming the very answer
 * this side gave (`own`, when it is at hand). Everybody who takes or sends one asks this; no private key is needed.
 */
export function isGenuineReceipt(notice: Notice, laneKeys: readonly ControlKey[], own: ControlAnswer | null): boolean {
  const read = receiptSchema.safeParse(notice.detail?.receipt);
  if (!read.success) return false;
  const { body, keyId, signature } = read.data;
  const key = laneKeys.find((candidate) => candidate.keyId === keyId);
  if (key === undefined || body.recordId !== notice.recordId) return false;
  if (own !== null && body.answers[notice.side] !== sha256Hex(canonicalBytes(own))) return false;
  return verifySignature(key.raw, canonicalBytes(body), signature);
}
