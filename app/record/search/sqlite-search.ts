import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../contract/result.ts';
import type { AuditQuery, ChartQuery, ConsoleAnswer, ConsoleAnswerOf } from '../../contract/supervisor-console.ts';
import type { RecordSearch, RecordSearchQuery, SearchError } from './record-search.ts';

export type SearchJob = { readonly id: number } & (
  | { readonly type: 'records'; readonly query: RecordSearchQuery }
  | { readonly type: 'audit'; readonly query: AuditQuery }
  | { readonly type: 'charts'; readonly query: ChartQuery }
);
export type SearchJobResult =
  | { readonly id: number; readonly ok: true; readonly value: ConsoleAnswer }
  | { readonly id: number; readonly ok: false; readonly detail: string };

type Wish = SearchJob extends infer Job ? (Job extends SearchJob ? Omit<Job, 'id'> : never) : never;

const TIME_LIMIT_MS = 10_000;
const MAX_WAITING = 16;

/** Sources run as they stand; in a bundle the worker lies flat beside its caller. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './search-worker.ts' : './search-worker.js', import.meta.url);

/** Searches one lane's file in a thread of its own: a month of crossings must not hold up the traveller who comes now. */
export class SqliteSearch implements RecordSearch {
  readonly #settings: { readonly path: string; readonly laneId: string };
  readonly #waiting = new Map<number, (result: SearchJobResult | null) => void>();
  #worker: Worker | null = null;
  #next = 0;

  constructor(path: string, laneId: string) {
    this.#settings = { path, laneId };
  }

  records(query: RecordSearchQuery): Promise<Result<ConsoleAnswerOf<'records'>, SearchError>> {
    return this.#ask({ type: 'records', query }, 'records');
  }

  audit(query: AuditQuery): Promise<Result<ConsoleAnswerOf<'audit'>, SearchError>> {
    return this.#ask({ type: 'audit', query }, 'audit');
  }

  charts(query: ChartQuery): Promise<Result<ConsoleAnswerOf<'charts'>, SearchError>> {
    return this.#ask({ type: 'charts', query }, 'charts');
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    for (const settle of [...this.#waiting.values()]) settle(null);
    await worker?.terminate();
  }

  async #ask<T extends ConsoleAnswer['type']>(wish: Wish, type: T): Promise<Result<ConsoleAnswerOf<T>, SearchError>> {
    if (this.#waiting.size >= MAX_WAITING) return err({ code: 'storeFailed', detail: 'busy' });
    this.#next += 1;
    const id = this.#next;
    const result = await new Promise<SearchJobResult | null>((resolve) => {
      const settle = (settled: SearchJobResult | null): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(settled);
      };
      const timer = setTimeout(() => {
        settle(null);
        this.#giveUp();
      }, TIME_LIMIT_MS);
      this.#waiting.set(id, settle);
      this.#running().postMessage({ id, ...wish } satisfies SearchJob);
    });
    if (result === null) return err({ code: 'storeFailed', detail: 'timeLimit' });
    if (!result.ok) return err({ code: 'storeFailed', detail: result.detail });
    return result.value.type === type
      ? ok(result.value as ConsoleAnswerOf<T>)
      : err({ code: 'storeFailed', detail: 'foreignAnswer' });
  }

  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(workerFile(), { workerData: this.#settings });
    worker.unref();
    worker.on('message', (result: SearchJobResult) => this.#waiting.get(result.id)?.(result));
    worker.on('error', () => this.#giveUp());
    worker.on('exit', () => {
      if (this.#worker === worker) this.#giveUp();
    });
    this.#worker = worker;
    return worker;
  }

  /** A thread that is wedged or dead: whoever waits is told, the next question gets a new one. */
  #giveUp(): void {
    void this.close();
  }
}
