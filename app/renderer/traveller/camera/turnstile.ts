/**
 * Lets those who wait through one at a time, in the order they came. A pump that still waits when the camera is opened anew must
 * get its own turn: it has to read its old track to the end, or the frames that are left in it are never closed.
 */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Without anybody waiting it does nothing. */
  letOne(): void {
    this.#waiting.shift()?.();
  }
}
