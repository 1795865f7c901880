import type { AuditEventId, AuditFacts } from '../contract/audit-events.ts';
import type { Result } from '../contract/result.ts';
import {
  type AuditQuery,
  type ChartQuery,
  type ConsoleAnswerOf,
  type ConsoleReply,
  type ConsoleRequest,
  consoleError,
  type Permission,
  type RecordQuery,
} from '../contract/supervisor-console.ts';
import { documentDigest } from './enrolment-store.ts';

type QueryRequest = Extract<ConsoleRequest, { type: 'search' | 'charts' | 'audit' }>;

export const QUERY_PERMISSIONS: Readonly<Record<QueryRequest['type'], Permission>> = {
  search: 'search',
  charts: 'charts',
  audit: 'audit',
};

/** What can be asked of the records of this lane. `documentDigest` is all that is left of a document that was searched for. */
export interface RecordSearch {
  records(
    query: Omit<RecordQuery, 'document'> & { readonly documentDigest: string | null },
  ): Promise<Result<ConsoleAnswerOf<'records'>, { readonly code: string }>>;
  audit(query: AuditQuery): Promise<Result<ConsoleAnswerOf<'audit'>, { readonly code: string }>>;
  charts(query: ChartQuery): Promise<Result<ConsoleAnswerOf<'charts'>, { readonly code: string }>>;
  close(): Promise<void>;
}

export interface ConsoleQueriesOptions {
  readonly search: RecordSearch;
  readonly portKey: Uint8Array;
  readonly note: (event: AuditEventId, facts: AuditFacts) => void;
}

/** Searches, charts and the audit log. That somebody searched is journaled; what for is not. */
export class ConsoleQueries {
  readonly #options: ConsoleQueriesOptions;

  constructor(options: ConsoleQueriesOptions) {
    this.#options = options;
  }

  async answer(request: QueryRequest, officer: string): Promise<ConsoleReply> {
    const { search, portKey, note } = this.#options;
    if (Date.parse(request.query.from) > Date.parse(request.query.to))
      return { ok: false, error: consoleError('requestInvalid') };
    switch (request.type) {
      case 'search': {
        const { document, ...query } = request.query;
        note('recordsSearched', { officer, byDocument: document !== null });
        const digest = document === null ? null : documentDigest(portKey, document);
        return replyOf(await search.records({ ...query, documentDigest: digest }));
      }
      case 'charts':
        return replyOf(await search.charts(request.query));
      case 'audit':
        note('auditLogRead', { officer });
        return replyOf(await search.audit(request.query));
    }
  }
}

function replyOf(found: Result<Extract<ConsoleReply, { ok: true }>['value'], unknown>): ConsoleReply {
  return found.ok ? found : { ok: false, error: consoleError('storeFailed') };
}
