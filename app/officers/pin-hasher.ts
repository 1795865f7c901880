import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../contract/result.ts';
import { type PinJob, type PinResult, SALT_BYTES } from './pin-job.ts';

export type PinHashError = { readonly code: 'busy' } | { readonly code: 'hashFailed' };

const TIME_LIMIT_MS = 10_000;
/** A queue longer than this is somebody's attack: the others would wait for it. */
const MAX_WAITING = 8;

/** Sources run as they stand; in a bundle the worker lies flat beside its caller. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './pin-worker.ts' : './pin-worker.js', import.meta.url);

/** Hashes PINs one after the other in a thread of its own, so that no traveller waits for a sign-in. */
export class PinHasher {
  readonly #secret: Uint8Array;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `secret`: 32 bytes, kept apart from the accounts. */
  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  async hash(pin: string): Promise<Result<string, PinHashError>> {
    const done = await this.#queue({ type: 'hash', pin, salt: randomBytes(SALT_BYTES), secret: this.#secret });
    if (!done.ok) return done;
    return 'hash' in done.value ? ok(done.value.hash) : err({ code: 'hashFailed' });
  }

  async verify(pin: string, hash: string): Promise<Result<boolean, PinHashError>> {
    const done = await this.#queue({ type: 'verify', pin, hash, secret: this.#secret });
    if (!done.ok) return done;
    return 'matches' in done.value ? ok(done.value.matches) : err({ code: 'hashFailed' });
  }

  async #queue(job: PinJob): Promise<Result<PinResult, PinHashError>> {
    if (this.#waiting >= MAX_WAITING) return err({ code: 'busy' });
    this.#waiting += 1;
    const mine = this.#last.then(() => runJob(job));
    this.#last = mine;
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }
}

function runJob(job: PinJob): Promise<Result<PinResult, PinHashError>> {
  return new Promise((resolve) => {
    const worker = new Worker(workerFile(), { workerData: job });
    const end = (result: Result<PinResult, PinHashError>): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => end(err({ code: 'hashFailed' })), TIME_LIMIT_MS);
    worker.once('message', (value: PinResult) => end(ok(value)));
    // The error's text could quote what was hashed: only that it failed goes on.
    worker.once('error', () => end(err({ code: 'hashFailed' })));
    worker.once('exit', () => end(err({ code: 'hashFailed' })));
  });
}
