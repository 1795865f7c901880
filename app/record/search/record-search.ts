import type { Result } from '../../contract/result.ts';
import type { AuditQuery, ChartQuery, ConsoleAnswerOf, RecordQuery } from '../../contract/supervisor-console.ts';

export type SearchError = { readonly code: 'storeFailed'; readonly detail: string };

/** A search for records; of a document that is searched for only its keyed digest comes here. */
export type RecordSearchQuery = Omit<RecordQuery, 'document'> & { readonly documentDigest: string | null };

/**
 * What people ask of the records afterwards: found ones, the audit log, figures over time. Reads only, beside the store and never
 * in its way; answers hold codes, times and numbers, never a digest, a sealed thing or a document.
 */
export interface RecordSearch {
  /** Newest first, a page of `FOUND_MAX`. */
  records(query: RecordSearchQuery): Promise<Result<ConsoleAnswerOf<'records'>, SearchError>>;
  /** Newest first, a page of `FOUND_MAX`. */
  audit(query: AuditQuery): Promise<Result<ConsoleAnswerOf<'audit'>, SearchError>>;
  charts(query: ChartQuery): Promise<Result<ConsoleAnswerOf<'charts'>, SearchError>>;
  close(): Promise<void>;
}
