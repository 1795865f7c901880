import { err, ok, type Result } from '../../app/contract/result.ts';
import {
  ACK_FRAME,
  encodePacket,
  NACK_FRAME,
  Pn532Deframer,
  type Pn532Yield,
  TFI_TO_CHIP,
} from '../framing/pn532-frame.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { patience } from '../ports/patience.ts';
import { type Cancel, delay, type Timing } from '../ports/timing.ts';
import { PN532, WAKE_UP } from '../protocol/pn532.ts';
import {
  advanceExchange,
  beginExchange,
  type ExchangeEnd,
  type ExchangeInput,
  type ExchangeState,
  type ExchangeStep,
} from '../protocol/pn532-exchange.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { deferred } from '../transport/deferred.ts';
import { Exclusive } from '../transport/exclusive.ts';
import { ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';

export interface Pn532Times {
  /** The chip acknowledges within 15 ms (NXP UM0701-02 §6.2.2); the rest is a long command's line time. */
  readonly ackTimeoutMs: number;
  /** For everything but APDUs and waiting for a chip. */
  readonly answerTimeoutMs: number;
  /** Silence after which half a frame, or a damaged one, will not go on. */
  readonly gapMs: number;
}

export const PN532_TIMES: Pn532Times = { ackTimeoutMs: 60, answerTimeoutMs: 500, gapMs: 40 };

/** From the first byte of the wake-up until the chip listens (§7.2.11). */
const WAKE_UP_MS = 2;

interface Running {
  state: ExchangeState;
  readonly frame: Uint8Array;
  readonly answerTimeoutMs: number;
  readonly settle: (result: Result<Uint8Array, DeviceError>) => void;
}

/**
 * One command of the PN532 at a time, over a link that may come and go. After anything irregular the next command is preceded by an
 * abort and a firmware question: the chip works in order, so the answer to that question comes behind whatever was under way, and no
 * late answer is taken for another command's.
 */
export class Pn532Commander {
  readonly #link: ResilientLink;
  readonly #timing: Timing;
  readonly #times: Pn532Times;
  readonly #exclusive = new Exclusive(16);
  #deframer = new Pn532Deframer();
  #running: Running | null = null;
  #synced = false;
  #cancelTimer: Cancel = () => {};
  #cancelGap: Cancel = () => {};
  #discardedBytes = 0;

  constructor(
    opener: LinkOpener,
    timing: Timing,
    times: Pn532Times,
    linkDelays: ResilientLinkDelays,
    handlers: { up(): void; down(reason: LostReason): void },
  ) {
    this.#timing = timing;
    this.#times = times;
    this.#link = new ResilientLink(opener, timing, linkDelays, {
      up: () => {
        this.#deframer = new Pn532Deframer();
        this.#synced = false;
        handlers.up();
      },
      received: (bytes) => this.#received(bytes),
      down: (reason) => {
        this.#cancelGap();
        this.#settle(err({ code: 'deviceLost', reason }));
        handlers.down(reason);
      },
    });
  }

  /** Bytes that belonged to no frame, since the start: a figure for the technician. */
  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  start(): void {
    this.#link.start();
  }

  drop(reason: LostReason): void {
    this.#link.drop(reason);
  }

  async close(): Promise<void> {
    this.#cancelGap();
    this.#settle(err({ code: 'deviceClosed' }));
    await this.#link.close();
  }

  /** `command`: its number and parameters. Gives the answer's data behind the answer's number. */
  command(
    command: Uint8Array,
    answerTimeoutMs: number = this.#times.answerTimeoutMs,
  ): Promise<Result<Uint8Array, DeviceError>> {
    return this.#exclusive.run(async () => {
      if (!this.#synced) {
        const synced = await this.#synchronise();
        if (!synced.ok) return synced;
      }
      return this.#exchange(command, answerTimeoutMs);
    });
  }

  /** Wakes the chip, ends whatever it does, and finds the place in its stream again. A chip that fails here is lost. */
  async #synchronise(): Promise<Result<void, DeviceError>> {
    for (const bytes of [WAKE_UP, ACK_FRAME]) {
      const written = await this.#link.write(bytes);
      if (!written.ok) return written;
    }
    await delay(this.#timing, WAKE_UP_MS);
    const version = await this.#exchange(Uint8Array.of(PN532.getFirmwareVersion), this.#times.answerTimeoutMs);
    this.#synced = version.ok;
    if (version.ok) return ok();
    const reason = version.error.code === 'deviceTimeout' ? 'silent' : 'garbled';
    this.#link.drop(reason);
    const gone = version.error.code === 'deviceLost' || version.error.code === 'deviceClosed';
    return gone ? version : err({ code: 'deviceLost', reason });
  }

  async #exchange(command: Uint8Array, answerTimeoutMs: number): Promise<Result<Uint8Array, DeviceError>> {
    const { promise, resolve } = deferred<Result<Uint8Array, DeviceError>>();
    const step = beginExchange(command[0] ?? 0);
    const running: Running = {
      state: step.state,
      frame: encodePacket(TFI_TO_CHIP, command),
      answerTimeoutMs,
      settle: resolve,
    };
    this.#running = running;
    this.#perform(running, step);
    const result = await promise;
    // Anything but one command, one ACK and one answer leaves doubt about what still comes.
    if (!result.ok || running.state.sends > 1 || running.state.nacks > 0) this.#synced = false;
    return result;
  }

  #perform(running: Running, step: ExchangeStep): void {
    running.state = step.state;
    if (step.timer !== null) {
      this.#cancelTimer();
      const timeoutMs = step.timer === 'ack' ? this.#times.ackTimeoutMs : running.answerTimeoutMs;
      this.#cancelTimer = patience(this.#timing, timeoutMs, () => this.#input({ type: 'timedOut' }));
    }
    if (step.send !== null) {
      const bytes = step.send === 'command' ? running.frame : step.send === 'nack' ? NACK_FRAME : ACK_FRAME;
      void this.#link.write(bytes).then((written) => {
        if (!written.ok && this.#running === running) this.#settle(written);
      });
    }
    if (step.end !== null) this.#settle(resultOf(step.end, running.answerTimeoutMs));
  }

  #input(input: ExchangeInput): void {
    const running = this.#running;
    if (running !== null) this.#perform(running, advanceExchange(running.state, input));
  }

  #received(bytes: Uint8Array): void {
    this.#cancelGap();
    this.#take(this.#deframer.push(bytes));
    // One timer for both ends of a broken answer: half a frame that stops, and noise with nothing behind it.
    if (this.#running === null && !this.#deframer.pending) return;
    this.#cancelGap = this.#timing.after(this.#times.gapMs, () => {
      const halfFrame = this.#deframer.pending;
      this.#take(this.#deframer.idle());
      this.#input({ type: 'silence', halfFrame });
    });
  }

  #take({ frames, discardedBytes }: Pn532Yield): void {
    this.#discardedBytes += discardedBytes;
    if (discardedBytes > 0) this.#input({ type: 'noise', bytes: discardedBytes });
    for (const frame of frames) this.#input({ type: 'frame', frame });
  }

  #settle(result: Result<Uint8Array, DeviceError>): void {
    const running = this.#running;
    this.#running = null;
    this.#cancelTimer();
    running?.settle(result);
  }
}

function resultOf(end: ExchangeEnd, timeoutMs: number): Result<Uint8Array, DeviceError> {
  switch (end.outcome) {
    case 'answered':
      return ok(end.data);
    case 'notUnderstood':
      return err({ code: 'deviceRejected', detail: 0x7f });
    case 'silent':
      return err({ code: 'deviceTimeout', timeoutMs });
    case 'garbled':
      return err({ code: 'deviceGarbled' });
  }
}
