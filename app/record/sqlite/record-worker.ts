import { parentPort, workerData } from 'node:worker_threads';
import { ok, type Result } from '../../contract/result.ts';
import type { StoreError } from '../store.ts';
import { failureOf } from './failure.ts';
import type { CloseRequest, Ready, Reply, Request, WorkerSettings } from './messages.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';

// The SQLite thread of a lane: one request after the other, each answered after it is durable.
const port = parentPort;
if (port === null) throw new Error('record-worker runs as a worker thread');
// Typed by client.ts, which is the only one to start this file.
const settings = workerData as WorkerSettings;

const opened = attempt(() => openEngine(settings));
port.postMessage({ ready: opened.ok ? ok() : opened } satisfies Ready);
if (opened.ok) port.on('message', (request: Request | CloseRequest) => serve(opened.value, request));
else port.close();

function serve(open: OpenEngine, request: Request | CloseRequest): void {
  const result = attempt(() => (request.op === 'close' ? close(open, request.nowMs) : run(open, request)));
  const unsigned = open.db.open && result.ok ? open.engine.unsigned() : 0;
  port?.postMessage({ id: request.id, result, unsigned } satisfies Reply);
  if (request.op === 'close') port?.close();
}

function run(open: OpenEngine, { op, args, nowMs }: Request): Result<unknown, StoreError> {
  // `Request` ties args to op; TypeScript cannot follow that through the index.
  const operation = open.engine[op] as (nowMs: number, ...args: readonly unknown[]) => Result<unknown, StoreError>;
  return operation(nowMs, ...args);
}

/** The last checkpoint, then the WAL folded in, so that one file is the whole record. */
function close({ db, engine }: OpenEngine, nowMs: number): Result<undefined, StoreError> {
  try {
    const signed = engine.checkpoint(nowMs);
    db.pragma('wal_checkpoint(TRUNCATE)');
    return signed;
  } finally {
    db.close();
  }
}

function attempt<T>(work: () => Result<T, StoreError>): Result<T, StoreError> {
  try {
    return work();
  } catch (cause) {
    return failureOf(cause);
  }
}
