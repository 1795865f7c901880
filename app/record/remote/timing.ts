/** Time that measures and waits, passed in so that tests decide what time it is. A lane's clock is one. */
export interface Timing {
  /** Milliseconds since whenever; never steps back. */
  monotonicMs(): number;
  /** Calls `action` once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemTiming: Timing = {
  monotonicMs: () => performance.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
