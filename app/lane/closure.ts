import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Owner, ownerSchema } from '../contract/crossing.ts';
import { err, ok, type Result } from '../contract/result.ts';

const MAX_BYTES = 4_096;
const closureSchema = z.strictObject({ by: ownerSchema, officer: z.string().max(16), at: z.iso.datetime() });
export type ClosedBy = z.infer<typeof closureSchema>;

/** Somebody closed it, and nobody can tell who any more. */
const UNKNOWN: ClosedBy = { by: 'port', officer: 'UNKNOWN', at: new Date(0).toISOString() };

export type ClosureError = { readonly code: 'notYours' } | { readonly code: 'storeFailed'; readonly detail: string };

/** Whether an officer has closed the lane, and whose: kept in a file, so that a restart opens nothing. */
export class Closure {
  readonly #path: string;
  #closedBy: ClosedBy | null;

  private constructor(path: string, closedBy: ClosedBy | null) {
    this.#path = path;
    this.#closedBy = closedBy;
  }

  /** A file that cannot be understood counts as closed by the port: fail closed. */
  static open(path: string): Closure {
    return new Closure(path, readClosure(path));
  }

  get closedBy(): ClosedBy | null {
    return this.#closedBy;
  }

  /** The first who closed it stays its owner; the port's word takes over from either side. */
  close(by: ClosedBy): Result<void, ClosureError> {
    if (this.#closedBy !== null && by.by !== 'port') return ok();
    const written = this.#write(by);
    if (written.ok) this.#closedBy = by;
    return written;
  }

  /** Only whoever closed it, or the port. */
  reopen(by: Owner): Result<void, ClosureError> {
    if (this.#closedBy === null) return ok();
    if (by !== 'port' && by !== this.#closedBy.by) return err({ code: 'notYours' });
    try {
      rmSync(this.#path, { force: true });
    } catch (cause) {
      return err({ code: 'storeFailed', detail: cause instanceof Error ? cause.message : String(cause) });
    }
    this.#closedBy = null;
    return ok();
  }

  /** Beside it first, then in its place: after a loss of power it is whole or as before. */
  #write(closure: ClosedBy): Result<void, ClosureError> {
    const next = `${this.#path}.new`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = openSync(next, 'w', 0o600);
      writeSync(file, JSON.stringify(closure));
      fsyncSync(file);
      closeSync(file);
      renameSync(next, this.#path);
      return ok();
    } catch (cause) {
      return err({ code: 'storeFailed', detail: cause instanceof Error ? cause.message : String(cause) });
    }
  }
}

function readClosure(path: string): ClosedBy | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    // No file: nobody has closed the lane.
    const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return absent ? null : UNKNOWN;
  }
  if (text.length > MAX_BYTES) return UNKNOWN;
  try {
    const parsed = closureSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : UNKNOWN;
  } catch {
    // Torn or edited: somebody closed it once.
    return UNKNOWN;
  }
}
