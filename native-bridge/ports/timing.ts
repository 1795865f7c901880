export type Cancel = () => void;

/** Time, passed in. Drivers and deframers never read a clock of their own, so tests hold it still. */
export interface Timing {
  /** Monotonic milliseconds; only differences mean something. */
  now(): number;
  /** Calls once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, callback: () => void): Cancel;
}

/** The machine's own time. */
export const systemTiming: Timing = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`. */
export function delay(timing: Timing, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    timing.after(delayMs, resolve);
  });
}
