import type { ControlAnswer, ControlError, PrepareRequest } from '../contract/control-protocol.ts';
import { SIDES, type Side } from '../contract/crossing.ts';
import { err, type Result } from '../contract/result.ts';
import { evidenceDigest } from './answer-signing.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Control, ControlKey } from './control.ts';
import { verifyAnswer } from './verify-answer.ts';

export type SideAnswer = Result<ControlAnswer, ControlError>;

export interface AskOptions {
  /** How long both have, from now on. */
  readonly deadlineMs: number;
  /** The keys each side signs with, as configured: pinned, not asked for at the moment of need. */
  readonly keys: Readonly<Record<Side, readonly ControlKey[]>>;
  readonly clock?: Clock;
  /** Stops asking at once (the traveller walked back); open answers become `controlTimeout`. */
  readonly signal?: AbortSignal;
  /** Called once a side, as soon as its answer is known. Must not throw. */
  readonly onAnswer?: (side: Side, answer: SideAnswer) => void;
  /** An answer that came after the deadline. It is discarded; this is for the audit only. */
  readonly onLate?: (side: Side, answer: SideAnswer) => void;
}

/**
 * Asks both controls at the same moment and checks each answer before it counts. Never throws and never takes longer
 * than the deadline: a control that is silent, hung or throws gives an error, and an error is never a `clear`.
 */
export async function askBoth(
  controls: Readonly<Record<Side, Control>>,
  requests: Readonly<Record<Side, PrepareRequest>>,
  options: AskOptions,
): Promise<Readonly<Record<Side, SideAnswer>>> {
  const asked = SIDES.map((side) => askOne(side, controls[side], requests[side], options));
  const [exit, entry] = (await Promise.all(asked)) as [SideAnswer, SideAnswer];
  return { exit, entry };
}

function askOne(side: Side, control: Control, request: PrepareRequest, options: AskOptions): Promise<SideAnswer> {
  const { clock = systemClock, deadlineMs } = options;
  const abort = new AbortController();
  return new Promise((resolve) => {
    let settled = false;
    const settle = (answer: SideAnswer): void => {
      settled = true;
      stopWaiting();
      options.signal?.removeEventListener('abort', giveUp);
      resolve(answer);
      options.onAnswer?.(side, answer);
    };
    const giveUp = (): void => {
      if (settled) return;
      settle(err({ code: 'controlTimeout', side, timeoutMs: deadlineMs }));
      // Only after we have settled, so that what the control makes of the abort is a late answer.
      abort.abort();
    };
    const stopWaiting = clock.after(deadlineMs, giveUp);
    if (options.signal?.aborted === true) return giveUp();
    options.signal?.addEventListener('abort', giveUp);
    void prepareAndVerify(side, control, request, abort.signal, options).then((answer) => {
      if (settled) options.onLate?.(side, answer);
      else settle(answer);
    });
  });
}

async function prepareAndVerify(
  side: Side,
  control: Control,
  request: PrepareRequest,
  signal: AbortSignal,
  { clock = systemClock, keys, deadlineMs }: AskOptions,
): Promise<SideAnswer> {
  try {
    const answer = await control.prepare(request, signal);
    if (!answer.ok) return answer;
    return verifyAnswer({
      answer: answer.value,
      side,
      recordId: request.evidence.recordId,
      evidenceDigest: evidenceDigest(request.evidence),
      keys: keys[side],
      nowMs: clock.nowMs(),
      // Idempotent answers may be as old as the crossing's own question, not older than a minute beyond it.
      maxAgeMs: deadlineMs + REPEATED_ANSWER_MS,
    });
  } catch (cause) {
    // A control that throws is a bug of its client; the lane must go on to a closed door all the same.
    return err({ code: 'controlUnreachable', side, detail: cause instanceof Error ? cause.name : 'thrown' });
  }
}

/** A lane that restarts and asks again for the same record gets the answer of the first time. */
const REPEATED_ANSWER_MS = 60_000;
