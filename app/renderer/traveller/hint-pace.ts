/**
 * Lets a changing text through at most once in `minMs`, the newest one winning: a hint that flickers helps nobody.
 * Pure: the caller passes the time in milliseconds.
 */
export class HintPace<Hint> {
  readonly #minMs: number;
  #shown: Hint;
  #shownAtMs = Number.NEGATIVE_INFINITY;

  constructor(minMs: number, first: Hint) {
    this.#minMs = minMs;
    this.#shown = first;
  }

  get shown(): Hint {
    return this.#shown;
  }

  /** Offers the newest hint. Gives how many milliseconds to wait before offering it again, 0 when it is shown. */
  offer(hint: Hint, nowMs: number): number {
    if (hint === this.#shown) return 0;
    const waitMs = this.#shownAtMs + this.#minMs - nowMs;
    if (waitMs > 0) return waitMs;
    this.#shown = hint;
    this.#shownAtMs = nowMs;
    return 0;
  }
}
