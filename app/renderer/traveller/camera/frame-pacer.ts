import type { CameraMode } from '../../../contract/traveller-view.ts';

/**
 * Frames a second that go to the lane. While it captures: more than the 15 it needs, less than a camera's 30, which would only cost
 * heat. While it watches an empty place: somebody who comes is seen within a fifth of a second, and the processor rests.
 */
export const FRAMES_PER_SECOND: Readonly<Record<Exclude<CameraMode, 'off'>, number>> = { watch: 5, capture: 20 };

/** Chooses which camera frames to send so that their mean rate is the wanted one whatever the camera's own rate is. */
export class FramePacer {
  #periodMs: number;
  #dueAtMs = Number.NEGATIVE_INFINITY;

  constructor(framesPerSecond: number) {
    this.#periodMs = 1000 / framesPerSecond;
  }

  /** The next frame is taken whenever it comes: whoever asks for another rate wants it now. */
  pace(framesPerSecond: number): void {
    this.#periodMs = 1000 / framesPerSecond;
    this.#dueAtMs = Number.NEGATIVE_INFINITY;
  }

  /** True when a frame that arrives at `nowMs` should be sent. */
  take(nowMs: number): boolean {
    if (nowMs < this.#dueAtMs) return false;
    // After a pause the schedule starts anew: no burst that catches up.
    this.#dueAtMs = Math.max(this.#dueAtMs + this.#periodMs, nowMs - this.#periodMs);
    return true;
  }
}
