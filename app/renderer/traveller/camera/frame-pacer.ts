/** Frames a second that go to the lane: more than the 15 it needs, less than a camera's 30, which would only cost heat. */
export const FRAMES_PER_SECOND = 20;

/** Chooses which camera frames to send so that their mean rate is the wanted one whatever the camera's own rate is. */
export class FramePacer {
  readonly #periodMs: number;
  #dueAtMs = Number.NEGATIVE_INFINITY;

  constructor(framesPerSecond: number) {
    this.#periodMs = 1000 / framesPerSecond;
  }

  /** True when a frame that arrives at `nowMs` should be sent. */
  take(nowMs: number): boolean {
    if (nowMs < this.#dueAtMs) return false;
    // After a pause the schedule starts anew: no burst that catches up.
    this.#dueAtMs = Math.max(this.#dueAtMs + this.#periodMs, nowMs - this.#periodMs);
    return true;
  }
}
