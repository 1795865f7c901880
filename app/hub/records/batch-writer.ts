import type { Pool } from 'pg';

/** A change for `apply_change` as JSON, and the key of an audit call where it has one. */
export type ChangeJson = Readonly<Record<string, unknown>>;

export interface BatchWriter {
  /** Resolves when the change is durable; rejects with PostgreSQL's own code when it was not written. */
  write(change: ChangeJson): Promise<void>;
}

/** Why one change of a batch was not written. Read by `isConflict` and `pgFailure` as PostgreSQL's own error. */
export class ChangeRefused extends Error {
  readonly code: string;
  readonly detail: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = 'ChangeRefused';
    this.code = code;
    this.detail = detail;
  }
}

interface Waiting {
  readonly text: string;
  readonly done: () => void;
  readonly failed: (cause: unknown) => void;
}

const MAX_BATCH = 64;

/**
 * Group commit: what comes in while `writers` batches are under way goes out together with the next one, in one round trip
 * and one flush of the log. Alone, a change is sent at once. Order within a lane is its caller's: it waits for each.
 */
export function batchWriter(pool: Pool, writers: number): BatchWriter {
  let waiting: Waiting[] = [];
  let underWay = 0;

  const send = (): void => {
    if (underWay >= writers || waiting.length === 0) return;
    const batch = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(MAX_BATCH);
    underWay += 1;
    void run(batch).finally(() => {
      underWay -= 1;
      send();
    });
  };

  const run = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const { rows } = await pool.query<{ code: string | null; detail: string | null }>({
        name: 'apply_changes',
        text: 'SELECT code, detail FROM apply_changes($1)',
        values: [`[${batch.map(({ text }) => text).join(',')}]`],
      });
      batch.forEach(({ done, failed }, index) => {
        const row = rows[index];
        if (row === undefined) failed(new Error('the database answered for fewer changes than it was given'));
        else if (row.code === null) done();
        else failed(new ChangeRefused(row.code, row.detail ?? ''));
      });
    } catch (cause) {
      for (const { failed } of batch) failed(cause);
    }
  };

  return {
    write: (change) =>
      new Promise((done, failed) => {
        waiting.push({ text: JSON.stringify(change), done, failed });
        // Later in this turn of the loop: requests that came in together go out together.
        if (waiting.length === 1) setImmediate(send);
      }),
  };
}
