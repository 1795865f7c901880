import { cardOf } from '../../contract/lane-card.ts';
import type { AccountError } from '../../contract/officer-account.ts';
import type { Result } from '../../contract/result.ts';
import {
  type ConsoleError,
  type ConsoleReply,
  type ConsoleRequest,
  type ConsoleSession,
  type ConsoleUpdate,
  consoleError,
  type LaneCard,
  type Permission,
} from '../../contract/supervisor-console.ts';
import type { Viewer } from '../../contract/supervisor-view.ts';
import type { Officers } from '../../officers/officers.ts';
import { permissionFor, permissionsOf, roleMay, viewerOf } from '../../officers/permissions.ts';
import type { Session } from '../../officers/sessions.ts';
import type { LaneActions } from '../feed/lane-actions.ts';
import type { FeedEvent, LaneViews } from '../feed/lane-views.ts';

/** Searches, charts and the audit log over the port's record. */
export type PortQueries = (
  request: Extract<ConsoleRequest, { type: 'search' | 'charts' | 'audit' }>,
  officer: string,
) => Promise<ConsoleReply>;

export interface SeatParts {
  readonly officers: Officers;
  readonly views: Pick<LaneViews, 'all' | 'one' | 'isConnected'>;
  readonly actions: Pick<LaneActions, 'ask'>;
  readonly queries: PortQueries;
}

const DONE: ConsoleReply = { ok: true, value: { type: 'done' } };
const refused = (code: ConsoleError['code']): ConsoleReply => ({ ok: false, error: consoleError(code) });
const accountReply = (result: Result<unknown, AccountError>): ConsoleReply =>
  result.ok ? DONE : { ok: false, error: { ...result.error, by: null } };

/**
 * One console in a browser: its session, the lanes it is shown, and what it asks. The lane has the last word on every act,
 * as for its own window; here it is asked who acts, and whether that officer may do such a thing at all.
 */
export class HubSeat {
  readonly #parts: SeatParts;
  readonly #streams = new Set<(update: ConsoleUpdate) => void>();
  #token: string | null = null;
  #focus: string | null = null;
  #ended: Extract<ConsoleSession, { state: 'signedOut' }>['ended'] = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: SeatParts) {
    this.#parts = parts;
  }

  /** Nobody looks and nobody is signed in: it may be forgotten. */
  get empty(): boolean {
    return this.#streams.size === 0 && (this.#token === null || this.#parts.officers.state(this.#token) === 'ended');
  }

  /** The session that may act now, for requests that are no console's (documents). */
  async acting(): Promise<{ readonly session: Session; readonly fresh: boolean } | null> {
    if (this.#token === null) return null;
    const session = await this.#parts.officers.session(this.#token);
    return session.ok ? { session: session.value, fresh: this.#parts.officers.isFresh(this.#token) } : null;
  }

  /** One authentication is for one action. */
  spend(): void {
    if (this.#token !== null) this.#parts.officers.spend(this.#token);
  }

  /** Gives the way to stop. Everything that stands now is sent first. */
  open(send: (update: ConsoleUpdate) => void): () => void {
    this.#streams.add(send);
    void this.#tellAll();
    return () => void this.#streams.delete(send);
  }

  /** A lane has something new to show; an empty name: any may. */
  async changed(laneId: string): Promise<void> {
    const viewer = this.#viewer();
    if (viewer === null || this.#streams.size === 0) return;
    if (laneId === '') return this.#tellLanes(viewer);
    const event = await this.#parts.views.one(laneId, viewer);
    if (event === null || this.#viewer() !== viewer) return;
    this.#send({ type: 'cards', complete: false, cards: cardsOf([event]) });
    if (laneId === this.#focus && event.view !== null) this.#send({ type: 'lane', view: event.view });
  }

  async handle(request: ConsoleRequest): Promise<ConsoleReply> {
    const { officers, queries } = this.#parts;
    const token = this.#token ?? '';
    switch (request.type) {
      case 'hello':
        await this.#tellAll();
        return DONE;
      case 'signIn':
        return this.#signIn(request);
      case 'signOut':
        officers.signOut(token);
        this.#token = null;
        this.#ended = null;
        return this.#tell(DONE);
      case 'lock':
        officers.lock(token);
        return this.#tell(DONE);
      case 'unlock':
        return this.#tell(accountReply(await officers.unlock(token, request.pin)));
      case 'active':
        officers.touch(token);
        this.#watch();
        return DONE;
      case 'lookAs':
        return refused('notAllowed');
      case 'authenticate':
        return this.#tell(accountReply(await officers.authenticate(token, request.pin)));
      case 'secondOfficer':
        return this.#tell(
          accountReply(await officers.confirmSecond(token, request.officer, request.pin, request.recordId)),
        );
      case 'focus':
        return this.#signedIn(() => this.#look(request.laneId), null);
      case 'act':
        return this.#signedIn((session) => this.#act(session, request), permissionFor(request.action));
      case 'pictures':
        return this.#signedIn((session) => this.#pictures(session, request), 'resolve');
      case 'search':
      case 'charts':
      case 'audit':
        return this.#signedIn(({ officer }) => queries(request, officer), request.type);
    }
  }

  async #signIn({ officer, pin, newPin }: Extract<ConsoleRequest, { type: 'signIn' }>): Promise<ConsoleReply> {
    const { officers } = this.#parts;
    const signedIn = await officers.signIn(officer, pin, newPin);
    if (!signedIn.ok) return this.#tell(accountReply(signedIn));
    if (this.#token !== null) officers.signOut(this.#token);
    this.#token = signedIn.value.token;
    this.#ended = null;
    this.#focus = null;
    return this.#tell(DONE);
  }

  async #look(laneId: string): Promise<ConsoleReply> {
    const viewer = this.#viewer();
    const event = viewer === null ? null : await this.#parts.views.one(laneId, viewer);
    if (event === null) return refused('unknownLane');
    this.#focus = laneId;
    if (event.view !== null) this.#send({ type: 'lane', view: event.view });
    return DONE;
  }

  async #act(session: Session, { laneId, action }: Extract<ConsoleRequest, { type: 'act' }>): Promise<ConsoleReply> {
    const subject = 'recordId' in action ? action.recordId : '';
    const reply = await this.#askLane(session, laneId, subject, { type: 'act', action });
    if (reply.ok && subject !== '') this.spend();
    return reply;
  }

  #pictures(
    session: Session,
    { laneId, recordId }: Extract<ConsoleRequest, { type: 'pictures' }>,
  ): Promise<ConsoleReply> {
    return this.#askLane(session, laneId, recordId, { type: 'pictures', recordId });
  }

  async #askLane(
    { officer, role }: Session,
    laneId: string,
    subject: string,
    request: Parameters<LaneActions['ask']>[1]['request'],
  ): Promise<ConsoleReply> {
    if (!(await this.#parts.views.isConnected(laneId))) return refused('laneAway');
    const second = this.#token === null ? null : this.#parts.officers.second(this.#token, subject);
    return this.#parts.actions.ask(laneId, { viewer: viewerOf(role), officer, second, request });
  }

  async #signedIn(
    work: (session: Session) => Promise<ConsoleReply>,
    permission: Permission | null,
  ): Promise<ConsoleReply> {
    if (this.#token === null) return refused('signInNeeded');
    const session = await this.#parts.officers.session(this.#token);
    if (!session.ok) return this.#tell(accountReply(session));
    this.#watch();
    if (permission !== null && !roleMay(session.value.role, permission)) return refused('notAllowed');
    return work(session.value);
  }

  /** Null for nobody, and for a locked console: it is shown nothing. */
  #viewer(): Viewer | null {
    const { officers } = this.#parts;
    if (this.#token === null || officers.state(this.#token) !== 'signedIn') return null;
    const session = officers.read(this.#token);
    return session === null ? null : viewerOf(session.role);
  }

  async #tell(reply: ConsoleReply): Promise<ConsoleReply> {
    await this.#tellAll();
    return reply;
  }

  async #tellAll(): Promise<void> {
    this.#send({ type: 'session', session: await this.#session() });
    this.#watch();
    const viewer = this.#viewer();
    if (viewer !== null) await this.#tellLanes(viewer);
  }

  async #tellLanes(viewer: Viewer): Promise<void> {
    try {
      const events = await this.#parts.views.all(viewer);
      if (this.#viewer() !== viewer) return;
      this.#send({ type: 'cards', complete: true, cards: cardsOf(events) });
      const view = events.find(({ laneId }) => laneId === this.#focus)?.view ?? null;
      if (view !== null) this.#send({ type: 'lane', view });
      this.#send({ type: 'connection', connected: true });
    } catch {
      // The database does not answer: what stands on the screen is old, and says so.
      this.#send({ type: 'connection', connected: false });
    }
  }

  async #session(): Promise<ConsoleSession> {
    const { officers } = this.#parts;
    const session = this.#token === null ? null : officers.read(this.#token);
    if (this.#token === null || session === null) {
      if (this.#token !== null) this.#ended = 'tooLong';
      this.#token = null;
      const noOfficers = (await officers.anyAccount()) === false;
      return { state: 'signedOut', noOfficers, ended: this.#ended, mayLookAs: false };
    }
    const { officer, role } = session;
    if (officers.state(this.#token) === 'locked') return { state: 'locked', officer, role };
    const idleLockSeconds = Math.round(officers.policy.idleLockMs / 1000);
    const may = [...permissionsOf(role)];
    return { state: 'signedIn', officer, role, viewer: viewerOf(role), may, idleLockSeconds, mayLookAs: false };
  }

  #send(update: ConsoleUpdate): void {
    for (const send of this.#streams) send(update);
  }

  /** Looks again when the session changes by itself: idle for too long, or a shift over. */
  #watch(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const inMs = this.#token === null ? null : this.#parts.officers.changesIn(this.#token);
    this.#timer = inMs === null ? null : setTimeout(() => void this.#tellAll(), inMs + 1);
    this.#timer?.unref();
  }
}

function cardsOf(events: readonly FeedEvent[]): LaneCard[] {
  return events.flatMap(({ view, connected }) => (view === null ? [] : [cardOf(view, connected)]));
}
