import type { Clock } from './clock.ts';

/** Acts that are due later, all called off together when the lane closes. */
export class Timers {
  readonly #clock: Clock;
  readonly #cancels = new Set<() => void>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** After the close nothing is begun any more. */
  later(delayMs: number, act: () => void): void {
    if (this.#closed) return;
    const cancel = this.#clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      act();
    });
    this.#cancels.add(cancel);
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
