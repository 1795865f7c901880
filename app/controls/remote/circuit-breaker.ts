/**
 * After `threshold` failures in a row nothing is sent for `coolDownMs`: a dead control is called dead at once instead of
 * after a time-out for each traveller. Then one request is tried; it decides.
 */
export interface CircuitBreaker {
  /** False: do not even try. True takes the one trial when half open. */
  mayTry(nowMs: number): boolean;
  succeeded(): void;
  failed(nowMs: number): void;
  /** Given up without knowing: the caller went away. Frees the trial. */
  undecided(): void;
  readonly state: 'closed' | 'open' | 'halfOpen';
}

export interface BreakerOptions {
  readonly threshold: number;
  readonly coolDownMs: number;
}

export function createCircuitBreaker({ threshold, coolDownMs }: BreakerOptions): CircuitBreaker {
  let failures = 0;
  let openUntilMs: number | null = null;
  let trying = false;
  return {
    mayTry(nowMs) {
      if (openUntilMs === null) return true;
      if (nowMs < openUntilMs || trying) return false;
      trying = true;
      return true;
    },
    succeeded() {
      failures = 0;
      openUntilMs = null;
      trying = false;
    },
    failed(nowMs) {
      failures += 1;
      trying = false;
      if (failures >= threshold) openUntilMs = nowMs + coolDownMs;
    },
    undecided() {
      trying = false;
    },
    get state() {
      if (openUntilMs === null) return 'closed';
      return trying ? 'halfOpen' : 'open';
    },
  };
}
