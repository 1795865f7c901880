import type { DeviceError } from '../../native-bridge/ports/device-error.ts';
import type { Result } from '../contract/result.ts';
import type { HearResult } from './accessory-trouble.ts';
import type { Clock } from './clock.ts';

/** A light that did not go out must not stay on because nobody asks again. */
export const RETRY_MS = 2_000;

/**
 * Orders to a device that nobody waits for: one is under way at a time, and of those that come meanwhile only the last is given. What
 * the device did not do is asked for again after a while; after it was away, by `again`.
 */
export class LatestOrder<T> {
  readonly #give: (wish: T) => Promise<Result<unknown, DeviceError>>;
  readonly #hear: HearResult;
  readonly #clock: Clock;
  #wish: { readonly value: T } | null = null;
  #given: { readonly value: T } | null = null;
  #giving = false;
  #cancelRetry: () => void = () => undefined;

  constructor(give: (wish: T) => Promise<Result<unknown, DeviceError>>, hear: HearResult, clock: Clock) {
    this.#give = give;
    this.#hear = hear;
    this.#clock = clock;
  }

  /** An order is on its way. */
  get underWay(): boolean {
    return this.#giving;
  }

  /** What was given last is not given again. */
  wish(value: T): void {
    this.#wish = { value };
    void this.#giveAll();
  }

  /** The device may stand differently from what it was told. */
  again(): void {
    this.#given = null;
    void this.#giveAll();
  }

  /** Nothing is given any more. */
  end(): void {
    this.#wish = null;
    this.#cancelRetry();
  }

  async #giveAll(): Promise<void> {
    if (this.#giving) return;
    this.#giving = true;
    while (this.#wish !== null && this.#wish.value !== this.#given?.value) {
      const order = this.#wish;
      this.#given = order;
      this.#cancelRetry();
      const result = await this.#give(order.value);
      this.#hear(result);
      if (!result.ok && result.error.code !== 'deviceLost') this.#retryLater();
    }
    this.#giving = false;
  }

  #retryLater(): void {
    if (this.#wish !== null) this.#cancelRetry = this.#clock.after(RETRY_MS, () => this.again());
  }
}
