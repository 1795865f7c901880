import type { ControlAnswer } from '../contract/control-protocol.ts';
import { SIDES, type Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { verifySignature } from '../crypto/signing.ts';
import type { RecordDoc } from './record-doc.ts';
import type { StoreError } from './store.ts';

/** An Ed25519 public key: the raw 32 bytes, base64url. */
export interface PublicKey {
  readonly keyId: string;
  readonly raw: string;
}

/** Each side's keys that may sign now: more than one while a key is being changed. */
export type ControlKeys = Readonly<Record<Side, readonly PublicKey[]>>;
export type CommitRefusal = Extract<StoreError, { code: 'commitRefused' }>['reason'];

export interface ClearanceContext {
  readonly keys: ControlKeys;
  /** Milliseconds since 1970 by the store's clock. */
  readonly nowMs: number;
  /**
   * How far a control's clock may run ahead of ours. An answer that is "from the future" by more than this is as little
   * valid now as an expired one: it also stops a clock that was set back from reviving old clears.
   */
  readonly clockToleranceMs: number;
}

/** The answer is for this record, this evidence, this side, and signed by one of that side's keys. */
function checkAnswer(
  doc: RecordDoc,
  side: Side,
  answer: ControlAnswer,
  keys: ControlKeys,
): Extract<CommitRefusal, 'foreignAnswer' | 'badSignature'> | null {
  const { body } = answer;
  if (body.side !== side || body.recordId !== doc.recordId || body.evidenceDigest !== doc.evidenceDigest) {
    return 'foreignAnswer';
  }
  const key = keys[side].find(({ keyId }) => keyId === answer.keyId);
  return key !== undefined && verifySignature(key.raw, canonicalBytes(body), answer.signature) ? null : 'badSignature';
}

/**
 * G1: may this record be committed now? Gives the instant until which both clears hold. The store asks this itself,
 * whatever its caller has checked before.
 */
export function checkClearance(doc: RecordDoc, context: ClearanceContext): Result<string, CommitRefusal> {
  const until: string[] = [];
  for (const side of SIDES) {
    const answer = doc.answers[side];
    if (answer === null) return err('answerMissing');
    const flaw = checkAnswer(doc, side, answer, context.keys);
    if (flaw !== null) return err(flaw);
    if (answer.body.word !== 'clear') return err('notClear');
    const tooEarly = context.nowMs < Date.parse(answer.body.answeredAt) - context.clockToleranceMs;
    if (tooEarly || context.nowMs >= Date.parse(answer.body.expiresAt)) return err('expired');
    until.push(answer.body.expiresAt);
  }
  return ok(until.reduce((first, next) => (Date.parse(next) < Date.parse(first) ? next : first)));
}
