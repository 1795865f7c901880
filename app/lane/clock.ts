/** Time, passed in. `nowMs` is the wall clock that signatures and records carry; `monotonicMs` measures. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  /** Calls once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export function isoNow(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}
