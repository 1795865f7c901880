import type { Indicator } from '../../native-bridge/ports/indicator.ts';
import type { Lamp } from '../../native-bridge/ports/lane-controller.ts';
import type { HearResult } from './accessory-trouble.ts';
import type { Clock } from './clock.ts';
import type { LampSignal } from './lane-lamp.ts';

/** Half of a blink: 1 Hz, far from what could harm anybody (WCAG 2.3.1: at most three flashes a second). */
export const BLINK_MS = 500;

/**
 * Keeps the lamp above the lane at what the lane wants shown. Nobody waits for it: one order is under way at a time, and of those
 * that come meanwhile only the last is given.
 */
export class LampFollower {
  readonly #indicator: Indicator;
  readonly #clock: Clock;
  readonly #hear: HearResult;
  #signal: LampSignal = { lamp: 'off', blinks: false };
  #dark = false;
  #showing = false;
  /** What was ordered last; null: nothing yet. */
  #ordered: Lamp | null = null;
  #stopBlinking: (() => void) | null = null;
  #closed = false;

  constructor(indicator: Indicator, clock: Clock, hear: HearResult) {
    this.#indicator = indicator;
    this.#clock = clock;
    this.#hear = hear;
  }

  follow(signal: LampSignal): void {
    if (this.#closed || (signal.lamp === this.#signal.lamp && signal.blinks === this.#signal.blinks && this.#ordered))
      return;
    this.#signal = signal;
    this.#stopBlinking?.();
    this.#stopBlinking = null;
    this.#dark = false;
    if (signal.blinks) this.#blinkLater();
    void this.#show();
  }

  close(): void {
    this.#closed = true;
    this.#stopBlinking?.();
  }

  #blinkLater(): void {
    this.#stopBlinking = this.#clock.after(BLINK_MS, () => {
      this.#dark = !this.#dark;
      this.#blinkLater();
      void this.#show();
    });
  }

  async #show(): Promise<void> {
    if (this.#showing) return;
    this.#showing = true;
    // A new wish may come while the last one is on its way.
    for (let wanted = this.#wanted(); wanted !== this.#ordered && !this.#closed; wanted = this.#wanted()) {
      this.#ordered = wanted;
      this.#hear(await this.#indicator.show(wanted));
    }
    this.#showing = false;
  }

  #wanted(): Lamp {
    return this.#dark ? 'off' : this.#signal.lamp;
  }
}
