import { err, type Result } from '../../app/contract/result.ts';
import type { DeviceError } from '../ports/device-error.ts';
import { deferred } from './deferred.ts';

/**
 * One command at a time on a wire. First come, first served, but that `runLater` lets whoever came by `run` go first; the queue is
 * bounded so that a stuck device cannot collect callers.
 */
export class Exclusive {
  readonly #maxWaiting: number;
  readonly #first: (() => void)[] = [];
  readonly #later: (() => void)[] = [];
  #busy = false;
  #waiting = 0;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** Whether anything is under way. */
  get isBusy(): boolean {
    return this.#busy;
  }

  /** Whether somebody who came by `run` waits for whatever is under way. */
  get isWaitedFor(): boolean {
    return this.#first.length > 0;
  }

  run<T, E>(work: () => Promise<Result<T, E>>): Promise<Result<T, E | DeviceError>> {
    return this.#inTurn(this.#first, work);
  }

  /** For what nobody waits for. What has begun is finished first. */
  runLater<T, E>(work: () => Promise<Result<T, E>>): Promise<Result<T, E | DeviceError>> {
    return this.#inTurn(this.#later, work);
  }

  async #inTurn<T, E>(queue: (() => void)[], work: () => Promise<Result<T, E>>): Promise<Result<T, E | DeviceError>> {
    if (this.#waiting >= this.#maxWaiting) return err({ code: 'deviceBusy' });
    this.#waiting += 1;
    const { promise, resolve } = deferred<void>();
    if (this.#busy) queue.push(resolve);
    else resolve();
    this.#busy = true;
    await promise;
    try {
      return await work();
    } finally {
      // Also when `work` throws: the next in line must not wait for ever.
      this.#waiting -= 1;
      const next = this.#first.shift() ?? this.#later.shift();
      if (next === undefined) this.#busy = false;
      else next();
    }
  }
}
