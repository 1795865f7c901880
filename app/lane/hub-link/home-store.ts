import type { Sealed } from '../../contract/control-protocol.ts';
import type { HubOutagePolicy } from '../../contract/hub-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { HUB_AWAY } from '../../record/remote/hub-store.ts';
import type {
  JointRecordStore,
  LaneLife,
  OutboxNotice,
  RecordCopies,
  RecordSnapshot,
  ReferralMaterialStore,
  StoreError,
} from '../../record/store.ts';
import type { Clock } from '../clock.ts';
import { addFigures } from './add-figures.ts';
import { HubCopies } from './hub-copies.ts';

/** `hub`: records have their home there. `away`: nothing new is begun. `laneOnly`: new records have their home in the lane's file. */
export type HomeState = 'hub' | 'away' | 'laneOnly';
type Home = 'hub' | 'local';
type RecordStore = JointRecordStore & ReferralMaterialStore;

export interface HomeStoreOptions {
  readonly laneId: string;
  readonly hub: RecordStore;
  readonly local: RecordStore & Partial<RecordCopies>;
  readonly policy: HubOutagePolicy;
  readonly clock: Clock;
  /** Between two looks whether a hub answers again. Milliseconds. */
  readonly probeMs: number;
  /** Brings what was written without the hub to it (`uploadJournal`). Called when the hub is back, and again until it succeeds. */
  readonly merge: () => Promise<Result<unknown, { readonly code: string; readonly detail: string }>>;
  /**
   * Away: take the lane out of service (`hubAway`) unless laneOnly is allowed. Back at the hub: end what is still live there
   * from before (`endOrphans`), then go into service.
   */
  readonly onState: (state: HomeState) => void;
  /** The lane's file could not take a copy of a record of the hub's (false), or can again. Once each. */
  readonly onCopies?: (kept: boolean) => void;
  /** The hub answers and has refused what the lane wrote without it, with its code; null: it has taken it after all. Once each. */
  readonly onMerge?: (refusal: string | null) => void;
}

export type AllowError = { readonly code: 'notPolicy' } | { readonly code: 'hubAnswers' } | StoreError;

const AWAY: StoreError = { code: 'storeFailed', detail: `${HUB_AWAY}: no hub answers` };
const FIRST_MERGE_MS = 5_000;
const MAX_MERGE_MS = 300_000;
/** More records than are live in one lane. */
const MAX_KNOWN = 1_000;

/**
 * The lane's joint record where the port has a hub: it chooses the home of each new record and finds the home of each old
 * one. A record never moves: what was opened at the hub waits for the hub, what was opened in the lane's file ends there and
 * is merged. `failClosed` begins nothing while no hub answers; `laneOnly` does after an officer has allowed it, each time.
 * Outbox ids below zero are those of the lane's own file.
 */
export class HomeStore implements RecordStore {
  readonly #options: HomeStoreOptions;
  readonly #homes = new Map<string, Home>();
  readonly #copies: HubCopies;
  #state: HomeState = 'hub';
  #stopProbe: (() => void) | null = null;
  #unmerged = true;
  #mergePauseMs = FIRST_MERGE_MS;
  #mergeRefusal: string | null = null;
  #stopMerge: (() => void) | null = null;
  #closed = false;

  constructor(options: HomeStoreOptions) {
    this.#options = options;
    this.#copies = new HubCopies(options.local, options.onCopies ?? (() => undefined));
  }

  get state(): HomeState {
    return this.#state;
  }

  /** Whether something written without the hub is still to be brought to it. */
  get unmerged(): boolean {
    return this.#unmerged;
  }

  /** An officer lets the lane work without the hub until one answers again. Journaled in the lane's file first. */
  async allowLaneOnly(officer: string): Promise<Result<void, AllowError>> {
    if (this.#options.policy !== 'laneOnly') return err({ code: 'notPolicy' });
    if (this.#state === 'hub') return err({ code: 'hubAnswers' });
    const facts = { officer };
    const entry = { event: 'laneOnlyAllowed', recordId: null, owner: 'port', facts } as const;
    const written = await this.#options.local.audit(entry);
    if (!written.ok) return written;
    // It may have come back while the line was written.
    if (this.#state === 'away') this.#become('laneOnly');
    return ok();
  }

  /** Somebody else found no hub, e.g. the feed's poll after its 25 s: an idle lane would learn it from the next traveller. */
  async look(): Promise<void> {
    if (this.#state === 'hub' && !this.#closed) this.#heard(await this.#options.hub.live(this.#options.laneId));
  }

  beginLife: JointRecordStore['beginLife'] = async (laneId): Promise<Result<LaneLife, StoreError>> => {
    const local = await this.#options.local.beginLife(laneId);
    if (!local.ok) return local;
    const begun = this.#heard(await this.#options.hub.beginLife(laneId));
    // The hub's client begins it with its first call, as soon as a hub answers.
    return begun.ok || !isAway(begun.error) ? begun : local;
  };

  open: JointRecordStore['open'] = async (input) => {
    const { hub, local } = this.#options;
    if (this.#state === 'away') return err(AWAY);
    const home: Home = this.#state === 'hub' ? 'hub' : 'local';
    const opened = home === 'hub' ? this.#heard(await hub.open(input)) : await local.open(input);
    if (opened.ok) this.#know(input.recordId, home);
    if (opened.ok && home === 'local') this.#unmerged = true;
    return opened;
  };

  append: JointRecordStore['append'] = (recordId, fact) =>
    this.#changed(recordId, (store) => store.append(recordId, fact));
  commit: JointRecordStore['commit'] = (recordId) => this.#changed(recordId, (store) => store.commit(recordId));
  end: JointRecordStore['end'] = (recordId, ending) => this.#changed(recordId, (store) => store.end(recordId, ending));
  read: JointRecordStore['read'] = (recordId) => this.#at(recordId, (store) => store.read(recordId));
  material = (recordId: string): Promise<Result<Sealed | null, StoreError>> =>
    this.#at(recordId, (store) => store.material(recordId));
  keepMaterial = (recordId: string, sealed: Sealed): Promise<Result<void, StoreError>> =>
    this.#at(recordId, (store) => store.keepMaterial(recordId, sealed));

  /** At the hub while one answers; else in the lane's file, which is brought to the hub later. Never nowhere. */
  audit: JointRecordStore['audit'] = async (entry) => {
    const { hub, local } = this.#options;
    const atHub = entry.recordId === null ? this.#state === 'hub' : (await this.#homeOf(entry.recordId)) === 'hub';
    if (atHub && this.#state === 'hub') {
      const written = this.#heard(await hub.audit(entry));
      if (written.ok || !isAway(written.error)) return written;
    }
    this.#unmerged = true;
    return local.audit(entry);
  };

  live: JointRecordStore['live'] = async (laneId) => {
    const { hub, local } = this.#options;
    const own = await local.live(laneId);
    if (!own.ok || this.#state === 'laneOnly') return own;
    if (this.#state === 'away') return err(AWAY);
    const atHub = this.#heard(await hub.live(laneId));
    if (!atHub.ok) return atHub;
    for (const { recordId } of atHub.value) this.#know(recordId, 'hub');
    for (const { recordId } of own.value) this.#know(recordId, 'local');
    return ok([...atHub.value, ...own.value].sort((a, b) => a.openedAt.localeCompare(b.openedAt)));
  };

  outbox: JointRecordStore['outbox'] = async (side, limit) => {
    const { hub, local } = this.#options;
    const own = await local.outbox(side, limit);
    if (!own.ok) return own;
    const mine = own.value.map((notice): OutboxNotice => ({ ...notice, id: -notice.id }));
    const atHub = this.#state === 'hub' ? this.#heard(await hub.outbox(side, limit)) : ok([]);
    if (atHub.ok) for (const { notice } of atHub.value) this.#copies.receiptOf(notice);
    return atHub.ok ? ok([...mine, ...atHub.value].slice(0, limit)) : ok(mine);
  };

  noticeDelivered = (id: number): Promise<Result<void, StoreError>> =>
    this.#notice(id, (store, own) => store.noticeDelivered(own));
  noticeFailed = (id: number): Promise<Result<void, StoreError>> =>
    this.#notice(id, (store, own) => store.noticeFailed(own));
  noticeRefused = (id: number, code: string): Promise<Result<void, StoreError>> =>
    this.#notice(id, (store, own) => store.noticeRefused(own, code));

  figures: JointRecordStore['figures'] = async (laneId, sinceIso) => {
    const { hub, local } = this.#options;
    const own = await local.figures(laneId, sinceIso);
    if (this.#state !== 'hub') return own;
    const atHub = this.#heard(await hub.figures(laneId, sinceIso));
    return atHub.ok && own.ok ? ok(addFigures(atHub.value, own.value)) : atHub;
  };

  checkpoint = async (): Promise<Result<void, StoreError>> => {
    const own = await this.#options.local.checkpoint();
    return own.ok && this.#state === 'hub' ? this.#heard(await this.#options.hub.checkpoint()) : own;
  };

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopProbe?.();
    this.#stopMerge?.();
    await this.#copies.close();
    await Promise.all([this.#options.hub.close(), this.#options.local.close()]);
  }

  async #at<T>(
    recordId: string,
    use: (store: RecordStore) => Promise<Result<T, StoreError>>,
  ): Promise<Result<T, StoreError>> {
    if ((await this.#homeOf(recordId)) === 'local') return use(this.#options.local);
    return this.#state === 'hub' ? this.#heard(await use(this.#options.hub)) : err(AWAY);
  }

  /** Not waited for: the hub has answered, and that is what counts. */
  async #changed(
    recordId: string,
    use: (store: RecordStore) => Promise<Result<RecordSnapshot, StoreError>>,
  ): Promise<Result<RecordSnapshot, StoreError>> {
    const changed = await this.#at(recordId, use);
    if (changed.ok && this.#homes.get(recordId) === 'hub') this.#copies.of(changed.value);
    return changed;
  }

  #notice(
    id: number,
    tell: (store: RecordStore, id: number) => Promise<Result<void, StoreError>>,
  ): Promise<Result<void, StoreError>> {
    if (id < 0) return tell(this.#options.local, -id);
    return this.#state === 'hub'
      ? tell(this.#options.hub, id).then((told) => this.#heard(told))
      : Promise.resolve(err(AWAY));
  }

  /** The lane's file is the shorter way to look; what it does not know is the hub's. */
  async #homeOf(recordId: string): Promise<Home> {
    const known = this.#homes.get(recordId);
    if (known !== undefined) return known;
    const own = await this.#options.local.read(recordId);
    const home: Home = own.ok ? 'local' : 'hub';
    // A file that cannot be read now may know it all the same: asked again next time.
    if (own.ok || own.error.code === 'unknownRecord') this.#know(recordId, home);
    return home;
  }

  #know(recordId: string, home: Home): void {
    this.#homes.set(recordId, home);
    if (this.#homes.size > MAX_KNOWN) this.#homes.delete(this.#homes.keys().next().value ?? '');
  }

  /** Every answer of the hub's client comes through here: the first that found no hub begins the outage. */
  #heard<T>(result: Result<T, StoreError>): Result<T, StoreError> {
    if (!result.ok && isAway(result.error) && this.#state === 'hub' && !this.#closed) {
      this.#become('away');
      this.#probeLater();
    }
    return result;
  }

  #probeLater(): void {
    this.#stopProbe = this.#options.clock.after(this.#options.probeMs, () => void this.#probe());
  }

  async #probe(): Promise<void> {
    if (this.#closed) return;
    const { hub, laneId, merge } = this.#options;
    // What was written meanwhile comes first: a hub that takes it also knows its documents when the next one is opened.
    const answers = await hub.live(laneId);
    const merged = answers.ok && this.#unmerged ? await merge() : answers;
    if (this.#closed) return;
    if (!answers.ok || (!merged.ok && merged.error.code === 'hubAway')) return this.#probeLater();
    this.#become('hub');
    this.#merged(merged);
  }

  /** Brings the lane's own journal to the hub now, e.g. after the start and every few minutes. */
  async mergeNow(): Promise<void> {
    if (this.#closed || this.#state !== 'hub') return;
    this.#merged(await this.#options.merge());
  }

  /** What is refused for another reason than the hub's absence is tried again, ever more seldom, and said to somebody. */
  #merged(merged: Result<unknown, { readonly code: string }>): void {
    this.#stopMerge?.();
    this.#stopMerge = null;
    if (this.#closed) return;
    if (merged.ok) {
      this.#unmerged = false;
      this.#mergePauseMs = FIRST_MERGE_MS;
      if (this.#mergeRefusal !== null) this.#options.onMerge?.(null);
      this.#mergeRefusal = null;
      return;
    }
    this.#unmerged = true;
    const { code } = merged.error;
    if (code !== 'hubAway' && code !== this.#mergeRefusal) {
      this.#mergeRefusal = code;
      this.#options.onMerge?.(code);
    }
    this.#stopMerge = this.#options.clock.after(this.#mergePauseMs, () => void this.mergeNow());
    this.#mergePauseMs = Math.min(this.#mergePauseMs * 2, MAX_MERGE_MS);
  }

  #become(state: HomeState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

function isAway(error: StoreError): boolean {
  return error.code === 'storeFailed' && error.detail.startsWith(HUB_AWAY);
}
