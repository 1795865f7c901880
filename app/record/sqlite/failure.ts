import Database from 'better-sqlite3';
import { z } from 'zod';
import { type Err, err } from '../../contract/result.ts';
import type { StoreError } from '../store.ts';

/**
 * Whatever a transaction threw (it is rolled back by then), as the one error callers see. The detail begins with a
 * code: SQLite's own (`SQLITE_FULL`, `SQLITE_CORRUPT`, ..), the operating system's, `invalidInput` or `softwareFault`.
 * Values of rows or inputs are never quoted.
 */
export function failureOf(cause: unknown): Err<StoreError> {
  return err({ code: 'storeFailed', detail: detailOf(cause) });
}

function detailOf(cause: unknown): string {
  if (cause instanceof Database.SqliteError) return `${cause.code}: ${cause.message}`;
  if (cause instanceof z.ZodError) {
    const issue = cause.issues[0];
    return `invalidInput: ${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}`;
  }
  if (cause instanceof Error && 'code' in cause) return `${String(cause.code)}: ${cause.message}`;
  return `softwareFault: ${cause instanceof Error ? cause.message : String(cause)}`;
}
