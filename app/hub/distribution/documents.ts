import type { Pool } from 'pg';
import { z } from 'zod';
import type { HubDocument, HubDocumentHead } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { sha256Hex } from '../../crypto/digest.ts';
import { inTransaction } from '../../record/postgres/transaction.ts';
import type { PortRecords } from '../records/port-records.ts';

export type DocumentError =
  | { readonly code: 'versionChanged'; readonly version: number }
  | { readonly code: 'storeFailed'; readonly detail: string };

const FORGET_OLDER = 'DELETE FROM hub_documents WHERE kind = $1 AND name = $2 AND version < $3';

export type DocumentName = Pick<HubDocumentHead, 'kind' | 'name'>;

interface Row {
  readonly kind: HubDocumentHead['kind'];
  readonly name: string;
  readonly version: number;
  readonly content: string;
  readonly sha256: string;
  readonly changed_at: string;
  readonly changed_by: string;
}

/**
 * Profiles, rules and trust lists as lanes get them. A version is never changed: a change is the next one, and is audited.
 * Of rules and trust lists every version is kept, of profiles the newest alone.
 */
export class Documents {
  readonly #pool: Pool;
  readonly #records: Pick<PortRecords, 'portAudit'>;
  readonly #clock: () => Date;

  constructor(pool: Pool, records: Pick<PortRecords, 'portAudit'>, clock: () => Date) {
    this.#pool = pool;
    this.#records = records;
    this.#clock = clock;
  }

  async list(): Promise<Result<readonly HubDocumentHead[], DocumentError>> {
    return guarded(async () => {
      const { rows } = await this.#pool.query<Omit<Row, 'content'>>(
        `SELECT DISTINCT ON (kind, name) kind, name, version, sha256, changed_at, changed_by FROM hub_documents
          ORDER BY kind, name, version DESC`,
      );
      return ok(rows.map(headOf));
    });
  }

  /** The newest version; null when there is none. */
  async read({ kind, name }: DocumentName): Promise<Result<HubDocument | null, DocumentError>> {
    return guarded(async () => {
      const text = 'SELECT * FROM hub_documents WHERE kind = $1 AND name = $2 ORDER BY version DESC LIMIT 1';
      const { rows } = await this.#pool.query<Row>({ name: 'document', text, values: [kind, name] });
      const row = rows[0];
      return ok(row === undefined ? null : { ...headOf(row), content: z.json().parse(JSON.parse(row.content)) });
    });
  }

  /** `basedOn`: the version whoever changes it has read; 0 makes a new one. Two who change at once: one is told. */
  async put(
    { kind, name }: DocumentName,
    { basedOn, content }: { readonly basedOn: number; readonly content: HubDocument['content'] },
    by: string,
  ): Promise<Result<number, DocumentError>> {
    return guarded(async () => {
      const text = canonicalText(content);
      const sha256 = sha256Hex(text);
      // First the line that says who wishes it: a change that nobody is named for must not be possible.
      const facts = { kind, name, version: basedOn + 1, sha256, officer: by };
      const written = await inTransaction(this.#pool, async (client) => {
        const newest = 'SELECT coalesce(max(version), 0) AS version FROM hub_documents WHERE kind = $1 AND name = $2';
        const { rows } = await client.query<{ version: number }>(newest, [kind, name]);
        const version = rows[0]?.version ?? 0;
        if (version !== basedOn) return err({ code: 'versionChanged' as const, version });
        const insert = 'INSERT INTO hub_documents VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING';
        const at = this.#clock().toISOString();
        const { rowCount } = await client.query(insert, [kind, name, basedOn + 1, text, sha256, at, by]);
        if (rowCount === 0) return err({ code: 'versionChanged' as const, version: basedOn + 1 });
        // Whoever was withdrawn must not stay enrolled in an older version; what changed is in the port's chain.
        if (kind === 'profiles') await client.query(FORGET_OLDER, [kind, name, basedOn + 1]);
        const audited = await this.#records.portAudit({
          event: 'hubDocumentChanged',
          recordId: null,
          owner: 'port',
          facts,
        });
        if (!audited.ok) throw new Error('the change could not be audited');
        return ok(version + 1);
      });
      return written;
    });
  }
}

function headOf({ kind, name, version, sha256, changed_at, changed_by }: Omit<Row, 'content'>): HubDocumentHead {
  return { kind, name, version, sha256, changedAt: changed_at, changedBy: changed_by };
}

async function guarded<T>(work: () => Promise<Result<T, DocumentError>>): Promise<Result<T, DocumentError>> {
  try {
    return await work();
  } catch (cause) {
    return err({ code: 'storeFailed', detail: cause instanceof Error ? cause.message : 'unknown' });
  }
}
