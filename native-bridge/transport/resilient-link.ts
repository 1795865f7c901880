import { err, ok, type Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import type { ByteLink, LinkOpener } from './byte-link.ts';

export interface ResilientLinkDelays {
  /** Waiting times between attempts; the last one repeats. Kept below 2 s, so that a device that is back is in service within 2 s. */
  readonly backOffMs: readonly number[];
  /** A write the port does not take within this time means the device hangs. */
  readonly writeTimeoutMs: number;
  /** Only a link that stayed up this long starts the back-off from the beginning again. */
  readonly stableAfterMs: number;
}

export const LINK_DELAYS: ResilientLinkDelays = {
  backOffMs: [20, 50, 100, 200, 400, 800, 1_000],
  writeTimeoutMs: 1_000,
  stableAfterMs: 2_000,
};

export interface ResilientLinkHandlers {
  up(): void;
  received(bytes: Uint8Array): void;
  /** The link was up and is not any more, or the very first attempt failed (`openFailed`). Told once until the next `up`. */
  down(reason: LostReason): void;
}

/**
 * Keeps one link open from `start()` to `close()`: notices that it went away and opens it again with back-off.
 * It buffers nothing: bytes go to the handler as they come, and a write waits for the port.
 */
export class ResilientLink {
  readonly #opener: LinkOpener;
  readonly #timing: Timing;
  readonly #delays: ResilientLinkDelays;
  readonly #handlers: ResilientLinkHandlers;
  #link: ByteLink | null = null;
  #state: 'idle' | 'opening' | 'up' | 'waiting' | 'closed' = 'idle';
  #attempt = 0;
  #upSince = 0;
  #cancelRetry: Cancel | null = null;
  #toldDown = false;
  /** Raised with every opening, so that an event of an older link is known as such. */
  #generation = 0;
  /** The closing of the link before: a port is not opened again while its old handle still is. */
  #ending: Promise<void> = Promise.resolve();

  constructor(opener: LinkOpener, timing: Timing, delays: ResilientLinkDelays, handlers: ResilientLinkHandlers) {
    this.#opener = opener;
    this.#timing = timing;
    this.#delays = delays;
    this.#handlers = handlers;
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  start(): void {
    if (this.#state === 'idle') void this.#open();
  }

  async write(bytes: Uint8Array): Promise<Result<void, DeviceError>> {
    if (this.#state === 'closed') return err({ code: 'deviceClosed' });
    const link = this.#link;
    if (link === null) return err({ code: 'deviceLost', reason: 'unplugged' });
    const written = await this.#withinTime(link.write(bytes));
    if (written === 'done') return ok();
    // A write that fails at once is how a pulled cable is noticed first; one that never ends is a device that hangs.
    const reason = written === 'refused' ? 'unplugged' : 'writeFailed';
    if (this.#link === link) this.drop(reason);
    return err({ code: 'deviceLost', reason });
  }

  /** The driver gives the device up (silent, garbled): the port is closed and opened again after the back-off. */
  drop(reason: LostReason): void {
    if (this.#state === 'up') this.#fall(reason);
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#generation += 1;
    this.#cancelRetry?.();
    const link = this.#link;
    this.#link = null;
    if (link !== null) this.#ending = link.close();
    await this.#ending;
  }

  async #open(): Promise<void> {
    this.#state = 'opening';
    this.#generation += 1;
    const generation = this.#generation;
    await this.#ending;
    if (generation !== this.#generation) return;
    const opened = await this.#opener.open({
      received: (bytes) => {
        if (generation === this.#generation) this.#handlers.received(bytes);
      },
      closed: () => {
        if (generation === this.#generation) this.#fall('unplugged');
      },
    });
    // close() may have come while the port was opening.
    if (generation !== this.#generation) {
      if (opened.ok) await opened.value.close();
      return;
    }
    if (!opened.ok) {
      this.#tellDown('openFailed');
      this.#retryLater();
      return;
    }
    this.#link = opened.value;
    this.#state = 'up';
    this.#upSince = this.#timing.now();
    this.#toldDown = false;
    this.#handlers.up();
  }

  #fall(reason: LostReason): void {
    const link = this.#link;
    this.#link = null;
    this.#generation += 1;
    if (this.#timing.now() - this.#upSince >= this.#delays.stableAfterMs) this.#attempt = 0;
    if (link !== null) this.#ending = link.close();
    this.#retryLater();
    this.#tellDown(reason);
  }

  #retryLater(): void {
    const { backOffMs } = this.#delays;
    const delayMs = backOffMs[Math.min(this.#attempt, backOffMs.length - 1)] ?? 1_000;
    this.#attempt += 1;
    this.#state = 'waiting';
    this.#cancelRetry = this.#timing.after(delayMs, () => void this.#open());
  }

  #tellDown(reason: LostReason): void {
    if (this.#toldDown) return;
    this.#toldDown = true;
    this.#handlers.down(reason);
  }

  #withinTime(writing: ReturnType<ByteLink['write']>): Promise<'done' | 'refused' | 'late'> {
    return new Promise((resolve) => {
      const cancel = this.#timing.after(this.#delays.writeTimeoutMs, () => resolve('late'));
      void writing.then((result) => {
        cancel();
        resolve(result.ok ? 'done' : 'refused');
      });
    });
  }
}
