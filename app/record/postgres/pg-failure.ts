import { z } from 'zod';
import { type Err, err } from '../../contract/result.ts';
import type { StoreError } from '../store.ts';

interface PgError extends Error {
  readonly code: string;
  readonly detail?: string;
}

const isPgError = (cause: unknown): cause is PgError =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string';

/** Somebody else wrote first, or PostgreSQL chose us as a deadlock's victim: nothing was written, read again. */
export function isConflict(cause: unknown): boolean {
  return isPgError(cause) && ['JG001', '40001', '40P01'].includes(cause.code);
}

/**
 * What a failed query means to a caller. A connection that broke while a change was under way leaves its outcome
 * unknown: it is `storeFailed` too, nothing is claimed.
 */
export function pgFailure(cause: unknown): Err<StoreError> {
  if (isPgError(cause) && cause.code === 'JG002') {
    return err({ code: 'duplicateDocument', liveRecordId: cause.detail ?? '' });
  }
  if (cause instanceof z.ZodError) {
    const issue = cause.issues[0];
    return err({ code: 'storeFailed', detail: `invalidInput: ${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}` });
  }
  if (isPgError(cause)) return err({ code: 'storeFailed', detail: `PG_${cause.code}: ${cause.message}` });
  return err({
    code: 'storeFailed',
    detail: `softwareFault: ${cause instanceof Error ? cause.message : String(cause)}`,
  });
}
