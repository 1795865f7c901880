import type { FaceEngine, FaceEngineStatus } from '../../models/face/face-engine.ts';
import type { FaceEngineError, FaceError } from '../../models/face/worker-messages.ts';
import { err, type Result } from '../contract/result.ts';
import type { FaceMatcher } from './capture-desk.ts';
import type { Clock } from './clock.ts';

export type FaceHolderEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly error: FaceEngineError }
  | { readonly type: 'failed'; readonly status: FaceEngineStatus };

/** Keeps a face engine running: starts it, tells when it fails, tries again while its models are refused or absent. */
export class FaceHolder implements FaceMatcher {
  readonly #start: () => Promise<Result<FaceEngine, FaceEngineError>>;
  readonly #clock: Clock;
  readonly #retryMs: number;
  readonly #onEvent: (event: FaceHolderEvent) => void;
  #engine: FaceEngine | null = null;
  #stopRetry: (() => void) | null = null;
  #closed = false;

  constructor(
    start: () => Promise<Result<FaceEngine, FaceEngineError>>,
    clock: Clock,
    retryMs: number,
    onEvent: (event: FaceHolderEvent) => void,
  ) {
    this.#start = start;
    this.#clock = clock;
    this.#retryMs = retryMs;
    this.#onEvent = onEvent;
  }

  get engine(): FaceEngine | null {
    return this.#engine;
  }

  async start(): Promise<void> {
    if (this.#closed) return;
    const started = await this.#start();
    if (!started.ok) {
      this.#onEvent({ type: 'refused', error: started.error });
      if (!this.#closed) this.#stopRetry = this.#clock.after(this.#retryMs, () => void this.start());
      return;
    }
    if (this.#closed) return started.value.close();
    this.#engine = started.value;
    started.value.subscribe((status) => {
      if (this.#closed || status.state === 'closed') return;
      this.#onEvent(status.state === 'ready' ? { type: 'ready' } : { type: 'failed', status });
      // The engine has given up by itself: a file that is put right later must still bring the lane back.
      if (status.state === 'failed') void this.#startAnew(started.value);
    });
    this.#onEvent({ type: 'ready' });
  }

  async #startAnew(failed: FaceEngine): Promise<void> {
    this.#engine = null;
    await failed.close();
    if (!this.#closed) this.#stopRetry = this.#clock.after(this.#retryMs, () => void this.start());
  }

  setReference: FaceMatcher['setReference'] = (id, portrait) => this.#engine?.setReference(id, portrait) ?? closed();
  assess: FaceMatcher['assess'] = (id, frame) => this.#engine?.assess(id, frame) ?? closed();
  release: FaceMatcher['release'] = (id) => this.#engine?.release(id) ?? closed();

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopRetry?.();
    await this.#engine?.close();
  }
}

function closed(): Promise<Result<never, FaceError>> {
  return Promise.resolve(err({ code: 'engineClosed' }));
}
