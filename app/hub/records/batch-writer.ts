import { DatabaseError, type Pool } from 'pg';
import { byTable, type ChangeJson } from './change-json.ts';

export type { ChangeJson };

export interface BatchWriter {
  /** Resolves when the change is durable; rejects with PostgreSQL's own code when it was not written. */
  write(change: ChangeJson): Promise<void>;
}

/** Why one change of a batch was not written. Read by `isConflict` and `pgFailure` as PostgreSQL's own error. */
class ChangeRefused extends Error {
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
  readonly change: ChangeJson;
  readonly done: () => void;
  readonly failed: (cause: unknown) => void;
}

const MAX_BATCH = 64;

/**
 * What PostgreSQL says when changes could not be written together for what one of them says: a head that has moved (JG003), a
 * claim, a constraint, a value, a deadlock. Nothing of them was written, and by itself each is told its own fate.
 */
const BY_ITSELF = /^(JG003|22...|23...|40...|P0...)$/;

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
      // Of two changes of one chain the second stands on the first: only one after the other.
      if (new Set(batch.map(({ change }) => change.head.chain)).size === batch.length && (await together(batch))) {
        for (const { done } of batch) done();
      } else await eachByItself(batch);
    } catch (cause) {
      for (const { failed } of batch) failed(cause);
    }
  };

  /** False: nothing was written, because at least one of them may not be. */
  const together = async (batch: readonly Waiting[]): Promise<boolean> => {
    if (batch.length === 1) return false;
    try {
      await pool.query({
        name: 'apply_together',
        text: 'SELECT apply_together($1)',
        values: [JSON.stringify(byTable(batch.map(({ change }) => change)))],
      });
      return true;
    } catch (cause) {
      if (cause instanceof DatabaseError && BY_ITSELF.test(cause.code ?? '')) return false;
      throw cause;
    }
  };

  const eachByItself = async (batch: readonly Waiting[]): Promise<void> => {
    const { rows } = await pool.query<{ code: string | null; detail: string | null }>({
      name: 'apply_changes',
      text: 'SELECT code, detail FROM apply_changes($1)',
      values: [JSON.stringify(batch.map(({ change }) => change))],
    });
    batch.forEach(({ done, failed }, index) => {
      const row = rows[index];
      if (row === undefined) failed(new Error('the database answered for fewer changes than it was given'));
      else if (row.code === null) done();
      else failed(new ChangeRefused(row.code, row.detail ?? ''));
    });
  };

  return {
    write: (change) =>
      new Promise((done, failed) => {
        waiting.push({ change, done, failed });
        // Later in this turn of the loop: requests that came in together go out together.
        if (waiting.length === 1) setImmediate(send);
      }),
  };
}
