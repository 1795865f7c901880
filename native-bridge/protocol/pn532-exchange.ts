import { type Pn532Frame, TFI_FROM_CHIP } from '../framing/pn532-frame.ts';

/**
 * One command of the PN532 as a pure machine: (state, input) -> step; the commander does what the step says. Rules of NXP UM0701-02
 * §6.2.2, with one more: nothing is repeated that the chip may have done already, and NACK is only sent when an answer was certainly
 * on the wire, because a chip that is still busy would answer NACK with the answer to the command before.
 */
export interface ExchangeState {
  readonly phase: 'awaitingAck' | 'awaitingAnswer';
  /** The chip's number of the answer: command + 1. */
  readonly answerCode: number;
  /** Bytes came that were no frame; an ACK may have been among them. */
  readonly noiseBytes: number;
  readonly sends: number;
  readonly nacks: number;
}

export type ExchangeInput =
  | { readonly type: 'frame'; readonly frame: Pn532Frame }
  | { readonly type: 'noise'; readonly bytes: number }
  /** Silence after noise, or in the middle of a frame (`halfFrame`). */
  | { readonly type: 'silence'; readonly halfFrame: boolean }
  | { readonly type: 'timedOut' };

export type ExchangeEnd =
  | { readonly outcome: 'answered'; readonly data: Uint8Array }
  | { readonly outcome: 'notUnderstood' }
  | { readonly outcome: 'silent' }
  | { readonly outcome: 'garbled' };

export interface ExchangeStep {
  readonly state: ExchangeState;
  readonly send: 'command' | 'nack' | 'abort' | null;
  /** Which time runs from now on; null leaves the one that runs. */
  readonly timer: 'ack' | 'answer' | null;
  readonly end: ExchangeEnd | null;
}

const MAX_SENDS = 3;
const MAX_NACKS = 3;
/** An answer with a damaged head is at least this long; less is a glitch on the line before the answer. */
const DAMAGED_ANSWER_BYTES = 5;

export function beginExchange(command: number): ExchangeStep {
  const state: ExchangeState = { phase: 'awaitingAck', answerCode: command + 1, noiseBytes: 0, sends: 1, nacks: 0 };
  return { state, send: 'command', timer: 'ack', end: null };
}

export function advanceExchange(state: ExchangeState, input: ExchangeInput): ExchangeStep {
  switch (input.type) {
    case 'frame':
      return onFrame(state, input.frame);
    case 'noise':
      return stay({ ...state, noiseBytes: state.noiseBytes + input.bytes });
    case 'silence':
      if (input.halfFrame) return askAgain(state);
      return state.phase === 'awaitingAnswer' && state.noiseBytes >= DAMAGED_ANSWER_BYTES
        ? giveUp(state, 'garbled')
        : stay(state);
    case 'timedOut':
      return onTimeOut(state);
  }
}

function onFrame(state: ExchangeState, frame: Pn532Frame): ExchangeStep {
  switch (frame.kind) {
    case 'ack':
      return { state: { ...state, phase: 'awaitingAnswer', noiseBytes: 0 }, send: null, timer: 'answer', end: null };
    case 'packet':
      // A packet of another command, or one that goes the other way, is nothing to us.
      if (frame.tfi !== TFI_FROM_CHIP || frame.data[0] !== state.answerCode) return stay(state);
      return { ...stay(state), end: { outcome: 'answered', data: frame.data.subarray(1) } };
    case 'error':
      return { ...stay(state), end: { outcome: 'notUnderstood' } };
    case 'corrupt':
      return askAgain(state);
    case 'nack':
      return stay(state);
  }
}

function onTimeOut(state: ExchangeState): ExchangeStep {
  if (state.phase === 'awaitingAnswer') return giveUp(state, state.noiseBytes > 0 ? 'garbled' : 'silent');
  if (state.noiseBytes > 0)
    return { state: { ...state, phase: 'awaitingAnswer', noiseBytes: 0 }, send: null, timer: 'answer', end: null };
  if (state.sends >= MAX_SENDS) return giveUp(state, 'silent');
  return { state: { ...state, sends: state.sends + 1 }, send: 'command', timer: 'ack', end: null };
}

function askAgain(state: ExchangeState): ExchangeStep {
  if (state.nacks >= MAX_NACKS) return giveUp(state, 'garbled');
  return {
    state: { ...state, phase: 'awaitingAnswer', noiseBytes: 0, nacks: state.nacks + 1 },
    send: 'nack',
    timer: 'answer',
    end: null,
  };
}

/** The abort ends whatever the chip is doing, so that the next command finds it idle. */
function giveUp(state: ExchangeState, outcome: 'silent' | 'garbled'): ExchangeStep {
  return { state, send: 'abort', timer: null, end: { outcome } };
}

function stay(state: ExchangeState): ExchangeStep {
  return { state, send: null, timer: null, end: null };
}
