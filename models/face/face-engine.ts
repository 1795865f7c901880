import { isMarkedAsUntransferable, Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../app/contract/result.ts';
import { type ModelManifest, readManifest } from '../manifest.ts';
import type { RgbaFrame } from './image.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { newGuardCells, waitUntilTerminable } from './native-guard.ts';
import { type RetireDelays, retireWorker } from './retire-worker.ts';
import type {
  FaceEngineError,
  FaceError,
  FrameAssessment,
  ReferenceReport,
  StartReport,
  WorkerAnswers,
  WorkerCall,
  WorkerMessage,
  WorkerOptions,
  WorkerRequest,
} from './worker-messages.ts';

export interface FaceEngineDelays {
  /** From starting the worker to models verified and open. */
  readonly startTimeoutMs: number;
  readonly referenceTimeoutMs: number;
  readonly frameTimeoutMs: number;
  /** Before the first, second, .. restart in a row; the last one is kept for all that follow. */
  readonly restartDelaysMs: readonly number[];
  readonly retire: RetireDelays;
}

const FACE_ENGINE_DELAYS: FaceEngineDelays = {
  startTimeoutMs: 15_000,
  referenceTimeoutMs: 3_000,
  frameTimeoutMs: 2_000,
  restartDelaysMs: [0, 500, 2_000, 10_000],
  retire: { graceMs: 300, pollMs: 10, giveUpMs: 10_000 },
};

export interface FaceEngineOptions {
  /** Another manifest than the built-in one: other models, other thresholds. */
  readonly manifestPath?: string;
  /** Folder with the model packages (`node_modules`) or with the bare `.onnx` files. */
  readonly modelRoot?: string;
  readonly threads?: number;
  readonly delays?: Partial<FaceEngineDelays>;
  /** Where the worker's code is; for tests. */
  readonly workerUrl?: URL;
}

export type FaceEngineState = 'ready' | 'restarting' | 'failed' | 'closed';

export interface FaceEngineStatus {
  readonly state: FaceEngineState;
  /** Why it is restarting or failed. */
  readonly error: FaceEngineError | FaceError | null;
}

interface Pending {
  readonly call: WorkerCall;
  readonly timer: NodeJS.Timeout;
  readonly settle: (result: Result<unknown, FaceError>) => void;
}

/** Frames that may wait for the worker. A camera that is faster than the models loses frames, not seconds. */
const MAX_PENDING = 4;
/** Without a limit V8 lets garbage pile up to a share of the machine's memory. A worker that reaches it ends, and is started again. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

const WORKER_URL = new URL(import.meta.url.endsWith('.ts') ? './face-worker.ts' : './face-worker.js', import.meta.url);

/**
 * The face worker as the lane sees it. Every request ends, within its time limit, with a value or a code. A worker that
 * dies or does not answer is ended and started anew; references are lost with it (`referenceMissing` from then on).
 */
export class FaceEngine {
  readonly manifest: ModelManifest;
  readonly #workerUrl: URL;
  readonly #options: Omit<WorkerOptions, 'guard'>;
  readonly #delays: FaceEngineDelays;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(status: FaceEngineStatus) => void>();
  #worker: Worker | undefined;
  #guard = newGuardCells();
  #ready = false;
  #status: FaceEngineStatus = { state: 'restarting', error: null };
  #restarts = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #startReport: StartReport | undefined;
  /** A process that ends without `close` waits for the frame that is with the models. */
  readonly #onExit = (): void => waitUntilTerminable(this.#guard, this.#delays.retire.graceMs);

  private constructor(workerUrl: URL, options: Omit<WorkerOptions, 'guard'>, delays: FaceEngineDelays) {
    this.manifest = options.manifest;
    this.#workerUrl = workerUrl;
    this.#options = options;
    this.#delays = delays;
  }

  static async start(options: FaceEngineOptions = {}): Promise<Result<FaceEngine, FaceEngineError>> {
    const manifest = await readManifest(options.manifestPath);
    if (!manifest.ok) return manifest;
    const engine = new FaceEngine(
      options.workerUrl ?? WORKER_URL,
      { manifest: manifest.value, modelRoot: options.modelRoot ?? DEFAULT_MODEL_ROOT, threads: options.threads ?? 1 },
      { ...FACE_ENGINE_DELAYS, ...options.delays },
    );
    process.once('exit', engine.#onExit);
    const started = await engine.#launch();
    if (started.ok) return ok(engine);
    await engine.close();
    return started;
  }

  get status(): FaceEngineStatus {
    return this.#status;
  }

  /** How long the models took to open, the last time. */
  get startReport(): StartReport | undefined {
    return this.#startReport;
  }

  /** Calls at each change of state, until the returned function is called. */
  subscribe(listener: (status: FaceEngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The portrait to compare with: JPEG, PNG or JPEG 2000 bytes, which stay the caller's. */
  setReference(captureId: string, encodedImage: Uint8Array): Promise<Result<ReferenceReport, FaceError>> {
    const image = Uint8Array.from(encodedImage);
    return this.#request({ type: 'setReference', captureId, image }, this.#delays.referenceTimeoutMs, [image.buffer]);
  }

  /**
   * One live frame. Its pixels move to the worker where that is possible: the caller's `frame.data` is empty
   * afterwards and must not be used again.
   */
  assess(captureId: string, frame: RgbaFrame): Promise<Result<FrameAssessment, FaceError>> {
    if (this.#pending.size >= MAX_PENDING) return Promise.resolve(err({ code: 'engineBusy' }));
    const data = movable(frame.data);
    const { width, height, format, capturedAtMs } = frame;
    const call = { type: 'assess', captureId, frame: { width, height, format, capturedAtMs, data } } as const;
    return this.#request(call, this.#delays.frameTimeoutMs, [data.buffer]);
  }

  /** Overwrites the capture's templates and the models' inputs. A capture that is not known is fine. */
  release(captureId: string): Promise<Result<void, FaceError>> {
    return this.#request({ type: 'release', captureId }, this.#delays.frameTimeoutMs, []);
  }

  async close(): Promise<void> {
    process.off('exit', this.#onExit);
    clearTimeout(this.#restartTimer);
    this.#report({ state: 'closed', error: null });
    this.#settleAll({ code: 'engineClosed' });
    await this.#dropWorker();
  }

  #request<C extends WorkerCall>(
    call: C,
    timeoutMs: number,
    transfer: ArrayBuffer[],
  ): Promise<Result<WorkerAnswers[C['type']], FaceError>> {
    if (this.#status.state === 'closed') return Promise.resolve(err({ code: 'engineClosed' }));
    if (this.#status.state === 'failed')
      return Promise.resolve(err({ code: 'engineFailed', detail: 'out of service' }));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#timedOut(id), timeoutMs);
      // The worker answers a call with the type that WorkerAnswers gives for it: both are ours, so this is the one cast.
      const settle = (result: Result<unknown, FaceError>) =>
        resolve(result as Result<WorkerAnswers[C['type']], FaceError>);
      this.#pending.set(id, { call, timer, settle });
      // While the worker restarts, requests wait for it within their time.
      if (this.#ready) this.#post(id, call, transfer);
    });
  }

  #post(id: number, call: WorkerCall, transfer: ArrayBuffer[]): void {
    const request: WorkerRequest = { id, call };
    this.#worker?.postMessage(request, transfer);
  }

  async #launch(): Promise<Result<StartReport, FaceEngineError>> {
    const guard = newGuardCells();
    // Without the parent's own flags: some of them (`--input-type`) make a worker refuse its file.
    const worker = new Worker(this.#workerUrl, {
      workerData: { ...this.#options, guard },
      name: 'face',
      execArgv: [],
      resourceLimits: HEAP_LIMITS,
    });
    this.#guard = guard;
    this.#worker = worker;
    const started = await this.#untilStarted(worker);
    if (this.#worker !== worker) return err({ code: 'engineStartFailed', detail: 'closed while starting' });
    if (!started.ok) {
      await this.#dropWorker();
      return started;
    }
    this.#ready = true;
    this.#startReport = started.value;
    this.#report({ state: 'ready', error: null });
    for (const [id, { call }] of this.#pending) this.#post(id, call, []);
    return started;
  }

  #untilStarted(worker: Worker): Promise<Result<StartReport, FaceEngineError>> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(err({ code: 'engineStartTimedOut' })), this.#delays.startTimeoutMs);
      const end = (result: Result<StartReport, FaceEngineError>): void => {
        clearTimeout(timer);
        resolve(result);
      };
      worker.on('message', (message: WorkerMessage) => {
        if (message.type === 'started') end(message.result);
        else this.#answered(worker, message);
      });
      worker.on('error', (error: Error) => {
        end(err({ code: 'engineStartFailed', detail: error.message.slice(0, 300) }));
        this.#lost(worker, { code: 'engineFailed', detail: error.message.slice(0, 200) });
      });
      worker.on('exit', (exitCode) => {
        end(err({ code: 'engineStartFailed', detail: `worker ended with ${exitCode}` }));
        this.#lost(worker, { code: 'engineFailed', detail: `worker ended with ${exitCode}` });
      });
    });
  }

  #answered(worker: Worker, message: Extract<WorkerMessage, { type: 'answer' }>): void {
    const pending = this.#pending.get(message.id);
    // An answer after its time limit, or from a worker that was given up: nobody waits for it any more.
    if (!pending || worker !== this.#worker) return;
    this.#restarts = 0;
    clearTimeout(pending.timer);
    this.#pending.delete(message.id);
    pending.settle(message.result);
  }

  #timedOut(id: number): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.settle(err({ code: 'engineTimedOut' }));
    if (this.#worker && this.#ready) this.#lost(this.#worker, { code: 'engineTimedOut' });
  }

  /** The worker is dead or wedged: what waits gets the code, a new worker is started. */
  #lost(worker: Worker, error: FaceError): void {
    if (worker !== this.#worker || !this.#ready || this.#status.state === 'closed') return;
    void this.#dropWorker();
    this.#settleAll(error);
    this.#scheduleRestart(error);
  }

  #scheduleRestart(error: FaceEngineError | FaceError): void {
    this.#report({ state: 'restarting', error });
    const delays = this.#delays.restartDelaysMs;
    const delayMs = delays[Math.min(this.#restarts++, delays.length - 1)] ?? 0;
    this.#restartTimer = setTimeout(() => void this.#restart(), delayMs);
  }

  async #restart(): Promise<void> {
    const started = await this.#launch();
    if (started.ok || this.#status.state === 'closed') return;
    // A model that changed on disk will not heal by itself; anything else is tried again, ever more slowly.
    if (started.error.code === 'modelHashMismatch' || started.error.code === 'modelMissing') {
      this.#report({ state: 'failed', error: started.error });
      this.#settleAll({ code: 'engineFailed', detail: `${started.error.code} ${started.error.model}` });
    } else {
      this.#scheduleRestart(started.error);
    }
  }

  #settleAll(error: FaceError): void {
    for (const { timer, settle } of this.#pending.values()) {
      clearTimeout(timer);
      settle(err(error));
    }
    this.#pending.clear();
  }

  async #dropWorker(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    if (worker) await retireWorker(worker, this.#guard, this.#delays.retire);
  }

  #report(status: FaceEngineStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}

/** The bytes themselves when they are alone in their buffer and may move; otherwise a copy. */
function movable(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = data;
  const alone = data.byteOffset === 0 && data.byteLength === buffer.byteLength;
  return alone && buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)
    ? new Uint8Array(buffer)
    : Uint8Array.from(data);
}
