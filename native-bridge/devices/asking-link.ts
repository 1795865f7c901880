import { err, ok, type Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { patience } from '../ports/patience.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { Exclusive } from '../transport/exclusive.ts';
import { ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** Looks at one message; undefined: not what is waited for. */
export type Take<M, T> = (message: M) => Result<T, DeviceError> | undefined;

export interface AskingLinkHandlers {
  /** A new link: whatever was half heard is void. */
  opened(): void;
  received(bytes: Uint8Array): void;
  /**
   * Ends whatever the device does and asks it something whose answer nothing older can be. Done when it comes up, as its heartbeat, and
   * before the next command after anything irregular; a device that fails here is lost.
   */
  greet(): Promise<Result<void, DeviceError>>;
  ready(): void;
  /** Told once until the next `ready`, however often the port is opened in vain. */
  lost(reason: LostReason): void;
}

interface Waiting<M> {
  readonly take: (message: M) => void;
  readonly fail: (error: DeviceError) => void;
  heardNoise: boolean;
}

/** A device that is asked one thing at a time and answers it: what is common to its drivers. `M`: what their deframer makes of bytes. */
export class AskingLink<M> {
  /** How long its commands took, those that failed as well. */
  readonly latency = new LatencyHistogram();
  readonly #timing: Timing;
  readonly #heartbeatMs: number;
  readonly #handlers: AskingLinkHandlers;
  readonly #exclusive = new Exclusive(8);
  readonly #link: ResilientLink;
  #waiting: Waiting<M> | null = null;
  #inStep = false;
  #ready = false;
  #toldLost = false;
  #closed = false;
  #busy = false;
  #lost: LostReason = 'openFailed';
  #cancelHeartbeat: Cancel = () => {};

  constructor(
    opener: LinkOpener,
    timing: Timing,
    heartbeatMs: number,
    linkDelays: ResilientLinkDelays,
    handlers: AskingLinkHandlers,
  ) {
    this.#timing = timing;
    this.#heartbeatMs = heartbeatMs;
    this.#handlers = handlers;
    this.#link = new ResilientLink(opener, timing, linkDelays, {
      up: () => {
        this.#inStep = false;
        handlers.opened();
        void this.#comeUp();
      },
      received: (bytes) => handlers.received(bytes),
      down: (reason) => this.#down(reason),
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** True while a command is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  get closed(): boolean {
    return this.#closed;
  }

  start(): void {
    this.#link.start();
  }

  /** One command from its first to its last message, when its turn comes. */
  run<T>(work: () => Promise<Result<T, DeviceError>>): Promise<Result<T, DeviceError>> {
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    return this.#exclusive.run(async () => {
      if (!this.#ready) return this.#unavailable();
      this.#busy = true;
      const startedAt = this.#timing.now();
      try {
        const met = this.#inStep ? ok() : await this.#meet();
        const result = met.ok ? await work() : met;
        if (!result.ok) this.#inStep = false;
        return result;
      } finally {
        this.#busy = false;
        this.latency.add(this.#timing.now() - startedAt);
      }
    });
  }

  /** Sends, and waits for the message that `take` accepts. Only inside `run` and `greet`. */
  ask<T>(bytes: Uint8Array, timeoutMs: number, take: Take<M, T>): Promise<Result<T, DeviceError>> {
    return new Promise((resolve) => {
      const settle = (result: Result<T, DeviceError>): void => {
        cancel();
        if (this.#waiting === waiting) this.#waiting = null;
        resolve(result);
      };
      const waiting: Waiting<M> = {
        heardNoise: false,
        take: (message) => {
          const taken = take(message);
          if (taken !== undefined) settle(taken);
        },
        fail: (error) => settle(err(error)),
      };
      const cancel = patience(this.#timing, timeoutMs, () =>
        waiting.fail(waiting.heardNoise ? { code: 'deviceGarbled' } : { code: 'deviceTimeout', timeoutMs }),
      );
      this.#waiting = waiting;
      void this.write(bytes).then((written) => {
        if (!written.ok) waiting.fail(written.error);
      });
    });
  }

  write(bytes: Uint8Array): Promise<Result<void, DeviceError>> {
    return this.#link.write(bytes);
  }

  /** A whole message came; without anybody who waits for it, it is dropped. */
  take(message: M): void {
    this.#waiting?.take(message);
  }

  /** Bytes came that are no message. */
  heardNoise(): void {
    if (this.#waiting !== null) this.#waiting.heardNoise = true;
  }

  /** Ends for good; nothing is told any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = false;
    this.#cancelHeartbeat();
    this.#waiting?.fail({ code: 'deviceClosed' });
    await this.#link.close();
  }

  #unavailable(): Result<never, DeviceError> {
    return err(this.#closed ? { code: 'deviceClosed' } : { code: 'deviceLost', reason: this.#lost });
  }

  async #meet(): Promise<Result<void, DeviceError>> {
    const met = await this.#handlers.greet();
    this.#inStep = met.ok;
    if (met.ok || this.#closed || !this.#link.isUp) return met;
    const reason = met.error.code === 'deviceTimeout' ? 'silent' : 'garbled';
    this.#link.drop(reason);
    return err({ code: 'deviceLost', reason });
  }

  async #comeUp(): Promise<void> {
    const met = await this.#exclusive.run(() => this.#meet());
    if (!met.ok || this.#closed || !this.#link.isUp) return;
    this.#ready = true;
    this.#toldLost = false;
    this.#handlers.ready();
    this.#beat();
  }

  /** A device that hangs is noticed before somebody needs it. */
  #beat(): void {
    this.#cancelHeartbeat();
    this.#cancelHeartbeat = this.#timing.after(this.#heartbeatMs, () => {
      const met = this.#busy ? Promise.resolve(ok()) : this.#exclusive.run(() => this.#meet());
      void met.then(() => {
        if (this.#ready) this.#beat();
      });
    });
  }

  #down(reason: LostReason): void {
    this.#cancelHeartbeat();
    this.#ready = false;
    this.#lost = reason;
    this.#waiting?.fail({ code: 'deviceLost', reason });
    if (!this.#toldLost) this.#handlers.lost(reason);
    this.#toldLost = true;
  }
}
