/** Wrong PINs in a row of one number. */
export interface Attempts {
  readonly failures: number;
  /** ISO instant before which nothing is tried; null: at once. */
  readonly lockedUntil: string | null;
}

export const NO_ATTEMPTS: Attempts = { failures: 0, lockedUntil: null };

/** So many mistakes cost nothing: fingers slip. */
const FREE_FAILURES = 3;
const FIRST_WAIT_S = 30;
const LONGEST_WAIT_S = 15 * 60;
/** From here on only an administrator helps, by a new first PIN: with six digits, ten guesses find one PIN in 100 000. */
export const MAX_FAILURES = 10;

export function isShutOut({ failures }: Attempts): boolean {
  return failures >= MAX_FAILURES;
}

/** Seconds to wait; 0: now; null: until an administrator resets the PIN. */
export function waitSeconds(attempts: Attempts, nowMs: number): number | null {
  if (isShutOut(attempts)) return null;
  if (attempts.lockedUntil === null) return 0;
  return Math.max(0, Math.ceil((Date.parse(attempts.lockedUntil) - nowMs) / 1000));
}

/** The count with this attempt taken for a wrong one; a right PIN forgets it all. Null while the wait lasts. */
export function countAttempt(before: Attempts, nowMs: number): Attempts | null {
  if (waitSeconds(before, nowMs) !== 0) return null;
  const failures = before.failures + 1;
  const over = failures - FREE_FAILURES;
  if (over < 0) return { failures, lockedUntil: null };
  const waitS = Math.min(FIRST_WAIT_S * 2 ** over, LONGEST_WAIT_S);
  return { failures, lockedUntil: new Date(nowMs + waitS * 1000).toISOString() };
}
