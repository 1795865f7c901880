import type { Cancel, Timing } from './timing.ts';

/** A timer that fires so much later than it should means that this process itself was stopped: a busy machine, a long collection. */
const STALL_MS = 15;
const EXTENSIONS = 3;

/**
 * A time limit on somebody else's answer. When we were stopped ourselves, the answer may lie unread in the system's buffer while the
 * timer fires first; so that time is not held against the device: it gets as much again as we lost, three times at most.
 */
export function patience(timing: Timing, limitMs: number, onTimeout: () => void): Cancel {
  let cancel: Cancel = () => {};
  const arm = (waitMs: number, extensionsLeft: number): void => {
    const dueAt = timing.now() + waitMs;
    cancel = timing.after(waitMs, () => {
      const lateMs = timing.now() - dueAt;
      if (lateMs > STALL_MS && extensionsLeft > 0)
        arm(Math.min(Math.max(lateMs, STALL_MS), limitMs), extensionsLeft - 1);
      else onTimeout();
    });
  };
  arm(limitMs, EXTENSIONS);
  return () => cancel();
}
