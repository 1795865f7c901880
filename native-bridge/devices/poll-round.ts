import type { Cancel, Timing } from '../ports/timing.ts';

/** Whatever is asked again at an instant of the round's own clock. */
interface Due {
  readonly dueAt: number;
}

export interface PollRoundHandlers<D extends Due> {
  /** Waits for the bus, then asks whoever is due first by then. */
  poll(dueFirst: () => D): Promise<void>;
  /** A poll has ended, whatever came of it. */
  polled(): void;
}

/** When which door is asked next: one timer for all, and one poll under way, however often the round is armed. */
export class PollRound<D extends Due> {
  readonly #timing: Timing;
  readonly #doors: readonly D[];
  readonly #handlers: PollRoundHandlers<D>;
  #cancel: Cancel = () => {};
  #underWay = false;

  constructor(timing: Timing, doors: readonly D[], handlers: PollRoundHandlers<D>) {
    this.#timing = timing;
    this.#doors = doors;
    this.#handlers = handlers;
  }

  /** Arms the timer for the door that is due first. */
  arm(): void {
    if (this.#underWay) return;
    const waitMs = this.#dueFirst().dueAt - this.#timing.now();
    this.later(Math.max(0, waitMs), () => void this.#next());
  }

  /** Does something else instead of the next poll. */
  later(afterMs: number, work: () => void): void {
    this.#cancel();
    this.#cancel = this.#timing.after(afterMs, work);
  }

  /** A poll that is under way still ends. */
  stop(): void {
    this.#cancel();
  }

  #dueFirst(): D {
    return this.#doors.reduce((first, door) => (door.dueAt < first.dueAt ? door : first));
  }

  async #next(): Promise<void> {
    this.#underWay = true;
    await this.#handlers.poll(() => this.#dueFirst());
    this.#underWay = false;
    this.#handlers.polled();
  }
}
