import type { AnswerBody, ControlAnswer, JointEvidence } from '../contract/control-protocol.ts';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import { type SigningKey, verifySignature } from '../crypto/signing.ts';

/** SHA-256 over RFC 8785 JSON: the digest both sides' answers are bound to. */
export function evidenceDigest(evidence: JointEvidence): string {
  return sha256Hex(canonicalBytes(evidence));
}

/** Signs the body with Ed25519 over its RFC 8785 JSON. */
export function signAnswer(body: AnswerBody, key: SigningKey): ControlAnswer {
  return { body, keyId: key.keyId, signature: key.sign(canonicalBytes(body)) };
}

export function hasGoodSignature(answer: ControlAnswer, publicKeyRaw: string): boolean {
  return verifySignature(publicKeyRaw, canonicalBytes(answer.body), answer.signature);
}

/** What a sealed reason is bound to: it can't be moved to another side's, record's or evidence's answer. */
export function reasonContext(body: Pick<AnswerBody, 'side' | 'recordId' | 'evidenceDigest'>): string {
  return `jointgate reason v1 ${body.side} ${body.recordId} ${body.evidenceDigest}`;
}
