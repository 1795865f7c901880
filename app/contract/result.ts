/**
 * Expected failures are values. `E` is a union on `code` and carries what the officer or technician needs.
 * Throwing is kept for bugs: they are caught once per process, audited, and lead to a safe screen.
 */
export type Result<T, E> = Ok<T> | Err<E>;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Err<E> {
  readonly ok: false;
  readonly error: E;
}

export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T): Ok<T | undefined> {
  return { ok: true, value };
}

export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}

/** For tests and start-up code where a failure is a bug: gives the value or throws with the code in the message. */
export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  throw new Error(`unexpected error: ${JSON.stringify(result.error)}`);
}
