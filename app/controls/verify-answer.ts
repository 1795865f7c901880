import { type ControlAnswer, type ControlError, controlAnswerSchema } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';
import { hasGoodSignature } from './answer-signing.ts';
import type { ControlKey } from './control.ts';

export type AnswerProblem = Extract<ControlError, { code: 'controlAnswerInvalid' }>['problem'];

export interface AnswerToVerify {
  /** As it came, unread. */
  readonly answer: unknown;
  readonly side: Side;
  readonly recordId: string;
  /** SHA-256 of the evidence the control was asked about, hex. */
  readonly evidenceDigest: string;
  /** The side's public keys that are in force, from configuration; never from the answer itself. */
  readonly keys: readonly ControlKey[];
  readonly nowMs: number;
  /** How long ago it may have been signed. */
  readonly maxAgeMs: number;
  /** How far the control's clock may be ahead of ours. Default 5 s. */
  readonly maxSkewMs?: number;
}

const DEFAULT_MAX_SKEW_MS = 5_000;
/** A control may not clear for longer than this, whatever its rules say. */
const MAX_LIFETIME_MS = 3_600_000;

/**
 * Reads and checks one control's answer before it counts. The first problem found is named, in this order: `malformed`,
 * `wrongSide`, `unknownKey`, `badSignature`, `foreignRecord`, `foreignEvidence`, `stale` (signed too long ago, or in the
 * future), `expired`. Each is a security alarm, not a network fault.
 */
export function verifyAnswer(input: AnswerToVerify): Result<ControlAnswer, ControlError> {
  const read = controlAnswerSchema.safeParse(input.answer);
  if (!read.success) return invalid(input.side, 'malformed');
  const problem = findProblem(read.data, input);
  return problem === null ? ok(read.data) : invalid(input.side, problem);
}

function findProblem(answer: ControlAnswer, input: AnswerToVerify): AnswerProblem | null {
  const { body, keyId } = answer;
  if (body.side !== input.side) return 'wrongSide';
  const key = input.keys.find((candidate) => candidate.keyId === keyId);
  if (key === undefined) return 'unknownKey';
  if (!hasGoodSignature(answer, key.raw)) return 'badSignature';
  if (body.recordId !== input.recordId) return 'foreignRecord';
  if (body.evidenceDigest !== input.evidenceDigest) return 'foreignEvidence';
  const answeredMs = Date.parse(body.answeredAt);
  const expiresMs = Date.parse(body.expiresAt);
  const skewMs = input.maxSkewMs ?? DEFAULT_MAX_SKEW_MS;
  if (answeredMs < input.nowMs - input.maxAgeMs || answeredMs > input.nowMs + skewMs) return 'stale';
  if (expiresMs <= answeredMs || expiresMs - answeredMs > MAX_LIFETIME_MS) return 'malformed';
  return expiresMs <= input.nowMs ? 'expired' : null;
}

function invalid(side: Side, problem: AnswerProblem): Result<never, ControlError> {
  return err({ code: 'controlAnswerInvalid', side, problem });
}
