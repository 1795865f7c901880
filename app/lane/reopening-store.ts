import { err, type Result } from '../contract/result.ts';
import type { SqliteRecordStore } from '../record/sqlite/client.ts';
import type {
  JointRecordStore,
  RecordCopies,
  RecordUpkeep,
  ReferralMaterialStore,
  StoreError,
} from '../record/store.ts';
import type { Clock } from './clock.ts';

/** What a lane needs of its record: the store, and what is kept for a referral's officer. */
export type LaneStore = JointRecordStore & ReferralMaterialStore;

/**
 * A store that could not be opened is tried again until it can; until then every call says `storeFailed`, so the lane runs,
 * shut and out of service, and can tell the supervisor why.
 */
export class ReopeningStore implements SqliteRecordStore {
  readonly #open: () => Promise<Result<SqliteRecordStore, StoreError>>;
  readonly #clock: Clock;
  readonly #retryMs: number;
  #inner: SqliteRecordStore | null = null;
  #lastError: StoreError = { code: 'storeFailed', detail: 'not opened yet' };
  #stopRetry: (() => void) | null = null;
  #closed = false;

  constructor(open: () => Promise<Result<SqliteRecordStore, StoreError>>, clock: Clock, retryMs: number) {
    this.#open = open;
    this.#clock = clock;
    this.#retryMs = retryMs;
  }

  /** Resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    if (this.#closed) return;
    const opened = await this.#open();
    if (this.#closed) {
      if (opened.ok) await opened.value.close();
    } else if (opened.ok) {
      this.#inner = opened.value;
    } else {
      this.#lastError = opened.error;
      this.#stopRetry = this.#clock.after(this.#retryMs, () => void this.start());
    }
  }

  beginLife: JointRecordStore['beginLife'] = (laneId) => this.#use((store) => store.beginLife(laneId));
  open: JointRecordStore['open'] = (input, by) => this.#use((store) => store.open(input, by));
  append: JointRecordStore['append'] = (recordId, fact, by) => this.#use((store) => store.append(recordId, fact, by));
  commit: JointRecordStore['commit'] = (recordId, by) => this.#use((store) => store.commit(recordId, by));
  end: JointRecordStore['end'] = (recordId, ending, by) => this.#use((store) => store.end(recordId, ending, by));
  audit: JointRecordStore['audit'] = (entry) => this.#use((store) => store.audit(entry));
  read: JointRecordStore['read'] = (recordId) => this.#use((store) => store.read(recordId));
  live: JointRecordStore['live'] = (laneId) => this.#use((store) => store.live(laneId));
  outbox: JointRecordStore['outbox'] = (side, limit) => this.#use((store) => store.outbox(side, limit));
  noticeDelivered: JointRecordStore['noticeDelivered'] = (id) => this.#use((store) => store.noticeDelivered(id));
  noticeFailed: JointRecordStore['noticeFailed'] = (id) => this.#use((store) => store.noticeFailed(id));
  noticeRefused: JointRecordStore['noticeRefused'] = (id, code) => this.#use((store) => store.noticeRefused(id, code));
  figures: JointRecordStore['figures'] = (laneId, sinceIso) => this.#use((store) => store.figures(laneId, sinceIso));
  keepMaterial: ReferralMaterialStore['keepMaterial'] = (recordId, sealed) =>
    this.#use((store) => store.keepMaterial(recordId, sealed));
  material: ReferralMaterialStore['material'] = (recordId) => this.#use((store) => store.material(recordId));
  eraseBefore: RecordUpkeep['eraseBefore'] = (beforeIso) => this.#use((store) => store.eraseBefore(beforeIso));
  keepCopy: RecordCopies['keepCopy'] = (copy) => this.#use((store) => store.keepCopy(copy));
  rotateLaneKey: RecordUpkeep['rotateLaneKey'] = (pem) => this.#use((store) => store.rotateLaneKey(pem));
  retryRefusedNotices: RecordUpkeep['retryRefusedNotices'] = (side) =>
    this.#use((store) => store.retryRefusedNotices(side));
  learnControlKeys: SqliteRecordStore['learnControlKeys'] = (keys) =>
    this.#use((store) => store.learnControlKeys(keys));
  checkpoint: JointRecordStore['checkpoint'] = () => this.#use((store) => store.checkpoint());

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopRetry?.();
    await this.#inner?.close();
  }

  #use<T>(call: (store: SqliteRecordStore) => Promise<Result<T, StoreError>>): Promise<Result<T, StoreError>> {
    return this.#inner === null ? Promise.resolve(err(this.#lastError)) : call(this.#inner);
  }
}
