import type { Indicator } from '../../native-bridge/ports/indicator.ts';
import type { Lamp } from '../../native-bridge/ports/lane-controller.ts';
import type { HearResult } from './accessory-trouble.ts';
import type { Clock } from './clock.ts';
import type { LampSignal } from './lane-lamp.ts';
import { LatestOrder } from './latest-order.ts';

/** Half of a blink: 1 Hz, far from what could harm anybody (WCAG 2.3.1: at most three flashes a second). */
export const BLINK_MS = 500;

/** Keeps the lamp above the lane at what the lane wants shown. Nobody waits for it. */
export class LampFollower {
  readonly #clock: Clock;
  readonly #order: LatestOrder<Lamp>;
  #signal: LampSignal | null = null;
  #stopBlinking: () => void = () => undefined;

  constructor(indicator: Indicator, clock: Clock, hear: HearResult) {
    this.#clock = clock;
    this.#order = new LatestOrder((lamp) => indicator.show(lamp), hear, clock);
  }

  follow(signal: LampSignal): void {
    if (signal.lamp === this.#signal?.lamp && signal.blinks === this.#signal.blinks) return;
    this.#signal = signal;
    this.#stopBlinking();
    this.#order.wish(signal.lamp);
    if (signal.blinks) this.#blink(signal.lamp, 'off');
  }

  /** Somebody else has told the lamp something meanwhile. */
  again(): void {
    this.#order.again();
  }

  close(): void {
    this.#stopBlinking();
    this.#order.end();
  }

  #blink(lamp: Lamp, next: Lamp): void {
    this.#stopBlinking = this.#clock.after(BLINK_MS, () => {
      this.#order.wish(next);
      this.#blink(lamp, next === 'off' ? lamp : 'off');
    });
  }
}
