import type { AuditEntry } from '../../contract/audit-events.ts';
import type { Sealed } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import type { Result } from '../../contract/result.ts';
import type { CheckpointPolicy } from '../checkpoint.ts';
import type { ControlKeys } from '../clearance-check.ts';
import type {
  DayFigures,
  ErasureReport,
  LaneLife,
  OpenRecord,
  OutboxNotice,
  RecordCopy,
  RecordEnding,
  RecordFact,
  RecordSnapshot,
  StoreError,
} from '../store.ts';

/** Operations that change the file: each is one durable transaction. */
export interface WriteOps {
  beginLife(laneId: string): LaneLife;
  open(input: OpenRecord, by: LaneLife | undefined): RecordSnapshot;
  append(recordId: string, fact: RecordFact, by: LaneLife | undefined): RecordSnapshot;
  commit(recordId: string, by: LaneLife | undefined): RecordSnapshot;
  end(recordId: string, ending: RecordEnding, by: LaneLife | undefined): RecordSnapshot;
  audit(entry: AuditEntry): number;
  noticeDelivered(id: number): undefined;
  noticeFailed(id: number): undefined;
  noticeRefused(id: number, code: string): undefined;
  retryRefusedNotices(side: Side): number;
  checkpoint(): undefined;
  learnControlKeys(keys: ControlKeys): undefined;
  rotateLaneKey(pem: string): undefined;
  keepMaterial(recordId: string, sealed: Sealed): undefined;
  keepCopy(copy: RecordCopy): undefined;
  eraseBefore(beforeIso: string): ErasureReport;
}

/** Operations that only look. */
export interface ReadOps {
  read(recordId: string): RecordSnapshot;
  material(recordId: string): Sealed | null;
  live(laneId: string): readonly RecordSnapshot[];
  outbox(side: Side, limit: number): readonly OutboxNotice[];
  figures(laneId: string, sinceIso: string): DayFigures;
}

export type Ops = WriteOps & ReadOps;
export type OpName = keyof Ops;

export interface Request<K extends OpName = OpName> {
  readonly id: number;
  readonly op: K;
  readonly args: Parameters<Ops[K]>;
  /** The store's clock at the moment of the call, milliseconds since 1970. */
  readonly nowMs: number;
}

export interface CloseRequest {
  readonly id: number;
  readonly op: 'close';
  readonly nowMs: number;
}

export interface Reply {
  readonly id: number;
  readonly result: Result<unknown, StoreError>;
  /** Entries without a checkpoint: tells the client whether its timer is needed. */
  readonly unsigned: number;
}

/** First message of the worker: the file is open, or why it is not. */
export interface Ready {
  readonly ready: Result<void, StoreError>;
}

export interface WorkerSettings {
  readonly path: string;
  readonly laneSigningKeyPem: string;
  readonly controlKeys: ControlKeys;
  readonly checkpoint: CheckpointPolicy;
  readonly clockToleranceMs: number;
  readonly maxPages: number | null;
  readonly busyTimeoutMs: number;
  readonly nowMs: number;
}
