import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../contract/result.ts';
import { loadOrCreateKeyFile } from '../../crypto/key-files.ts';
import { CHECKPOINT_POLICY, type CheckpointPolicy } from '../checkpoint.ts';
import type { ControlKeys } from '../clearance-check.ts';
import type {
  JointRecordStore,
  LaneLife,
  RecordCopies,
  RecordUpkeep,
  ReferralMaterialStore,
  StoreError,
} from '../store.ts';
import type { OpName, Ops, WorkerSettings } from './messages.ts';
import { type RespawningCalls, respawningCalls } from './respawning-calls.ts';
import { type WorkerCalls, workerCalls } from './worker-calls.ts';

export interface SqliteRecordStoreOptions {
  /** The lane's file; made at first start (mode 0600, a missing folder 0700). */
  readonly path: string;
  /** The lane's Ed25519 key that signs checkpoints and receipts. */
  readonly laneSigningKey: { readonly pem: string } | { readonly file: string };
  /** The keys each control may sign its answers with. */
  readonly controlKeys: ControlKeys;
  readonly clock: () => Date;
  readonly checkpoint?: CheckpointPolicy;
  /** How far a control's clock may run ahead of the store's. */
  readonly clockToleranceMs?: number;
  /** Limit of one operation. After it the outcome is unknown and the worker is given up; a later call starts another. */
  readonly timeoutMs?: number;
  /** Upper bound of the file in pages of 4096 bytes. */
  readonly maxPages?: number;
}

export interface SqliteRecordStore extends JointRecordStore, ReferralMaterialStore, RecordUpkeep, RecordCopies {
  /** Replaces the keys answers are checked with: a control is changing its key, without a restart of the lane. */
  learnControlKeys(keys: ControlKeys): Promise<Result<void, StoreError>>;
}

const CLOCK_TOLERANCE_MS = 2_000;
/** Without a limit V8 lets garbage pile up to a share of the machine's memory. A worker that reaches it ends, and is started again. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };
const TIMEOUT_MS = 5_000;
/** How long to wait for another process (an auditor's export) that holds the file; shorter than TIMEOUT_MS. */
const BUSY_TIMEOUT_MS = 2_000;

/** A worker that is lost again and again must not be started in a busy loop. */
const RESPAWN_PAUSE_MS = 1_000;
/** A vacuum rewrites the whole file. */
const ERASE_TIMEOUT_MS = 600_000;

/** Sources run as they stand; in a bundle the worker lies flat beside its caller. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './record-worker.ts' : './record-worker.js', import.meta.url);

/**
 * The joint record of one lane in one SQLite file, in a thread of its own. Nothing here waits for ever: a worker that
 * is dead, wedged or cannot write gives `storeFailed`, and what was not acknowledged is not claimed.
 */
export async function openSqliteRecordStore(
  options: SqliteRecordStoreOptions,
): Promise<Result<SqliteRecordStore, StoreError>> {
  const key = readKey(options.laneSigningKey);
  if (!key.ok) return key;
  let settings: Omit<WorkerSettings, 'nowMs'> = {
    path: options.path,
    laneSigningKeyPem: key.value,
    controlKeys: options.controlKeys,
    checkpoint: options.checkpoint ?? CHECKPOINT_POLICY,
    clockToleranceMs: options.clockToleranceMs ?? CLOCK_TOLERANCE_MS,
    maxPages: options.maxPages ?? null,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
  };
  const spawn = (): WorkerCalls => {
    const workerData: WorkerSettings = { ...settings, nowMs: options.clock().getTime() };
    // No flags of the parent: a test runner's loader has no business in the worker.
    const worker = new Worker(workerFile(), { workerData, execArgv: [], name: 'record', resourceLimits: HEAP_LIMITS });
    return workerCalls(worker, options.timeoutMs ?? TIMEOUT_MS);
  };
  const first = spawn();
  const ready = await first.ready;
  if (!ready.ok) return ready;
  const calls = respawningCalls(first, spawn, RESPAWN_PAUSE_MS, () => performance.now());
  // A worker that takes the place of a lost one goes on with the keys that count by then.
  const onKeys = (changed: Partial<Pick<WorkerSettings, 'controlKeys' | 'laneSigningKeyPem'>>): void => {
    settings = { ...settings, ...changed };
  };
  return ok(store(calls, settings.checkpoint, options.clock, onKeys));
}

function readKey(source: SqliteRecordStoreOptions['laneSigningKey']): Result<string, StoreError> {
  if ('pem' in source) return ok(source.pem);
  const file = loadOrCreateKeyFile(source.file, 'signing');
  return file.ok ? ok(file.value.pem) : err({ code: 'storeFailed', detail: `${file.error.code}: ${file.error.path}` });
}

function store(
  calls: RespawningCalls,
  policy: CheckpointPolicy,
  clock: () => Date,
  onKeys: (changed: Partial<Pick<WorkerSettings, 'controlKeys' | 'laneSigningKeyPem'>>) => void,
): SqliteRecordStore {
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  /** Whom this store speaks for, once its lane has begun a life. */
  let own: LaneLife | undefined;

  const call = async <K extends OpName>(
    op: K,
    ...args: Parameters<Ops[K]>
  ): Promise<Result<ReturnType<Ops[K]>, StoreError>> => {
    if (closed) return err({ code: 'storeFailed', detail: 'closed: the store was closed' });
    const { result, unsigned } = await calls.call(
      op,
      args,
      clock().getTime(),
      op === 'eraseBefore' ? ERASE_TIMEOUT_MS : undefined,
    );
    // Unsigned entries of a lane that falls silent are signed by this timer; of a busy one by the writes themselves.
    if (unsigned > 0 && timer === null && !closed) {
      timer = setTimeout(() => {
        timer = null;
        void call('checkpoint');
      }, policy.everyMs);
      timer.unref();
    }
    return result as Result<ReturnType<Ops[K]>, StoreError>;
  };

  return {
    beginLife: async (laneId) => {
      const begun = await call('beginLife', laneId);
      if (begun.ok) own = begun.value;
      return begun;
    },
    open: (input, by = own) => call('open', input, by),
    append: (recordId, fact, by = own) => call('append', recordId, fact, by),
    commit: (recordId, by = own) => call('commit', recordId, by),
    end: (recordId, ending, by = own) => call('end', recordId, ending, by),
    audit: (entry) => call('audit', entry),
    read: (recordId) => call('read', recordId),
    live: (laneId) => call('live', laneId),
    outbox: (side, limit) => call('outbox', side, limit),
    noticeDelivered: (id) => call('noticeDelivered', id),
    noticeFailed: (id) => call('noticeFailed', id),
    noticeRefused: (id, code) => call('noticeRefused', id, code),
    retryRefusedNotices: (side) => call('retryRefusedNotices', side),
    figures: (laneId, sinceIso) => call('figures', laneId, sinceIso),
    checkpoint: () => call('checkpoint'),
    learnControlKeys: async (keys) => {
      const learnt = await call('learnControlKeys', keys);
      if (learnt.ok) onKeys({ controlKeys: keys });
      return learnt;
    },
    rotateLaneKey: async (pem) => {
      const rotated = await call('rotateLaneKey', pem);
      if (rotated.ok) onKeys({ laneSigningKeyPem: pem });
      return rotated;
    },
    keepMaterial: (recordId, sealed) => call('keepMaterial', recordId, sealed),
    material: (recordId) => call('material', recordId),
    keepCopy: (copy) => call('keepCopy', copy),
    eraseBefore: (beforeIso) => call('eraseBefore', beforeIso),
    close: async () => {
      if (closed) return;
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await calls.close(clock().getTime());
    },
  };
}
