import { err, type Result } from '../../app/contract/result.ts';
import type { DeviceError } from '../ports/device-error.ts';
import { deferred } from './deferred.ts';

/** One command at a time on a wire. First come, first served; the queue is bounded so that a stuck device cannot collect callers. */
export class Exclusive {
  readonly #maxWaiting: number;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  async run<T, E>(work: () => Promise<Result<T, E>>): Promise<Result<T, E | DeviceError>> {
    if (this.#waiting >= this.#maxWaiting) return err({ code: 'deviceBusy' });
    this.#waiting += 1;
    const before = this.#tail;
    const { promise, resolve } = deferred<void>();
    this.#tail = promise;
    await before;
    try {
      return await work();
    } finally {
      // Also when `work` throws: the next in line must not wait for ever.
      this.#waiting -= 1;
      resolve();
    }
  }
}
