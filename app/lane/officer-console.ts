import { cardOf } from '../contract/lane-card.ts';
import type { AccountError } from '../contract/officer-account.ts';
import type { Result } from '../contract/result.ts';
import {
  type ConsoleAnswer,
  type ConsoleError,
  type ConsoleReply,
  type ConsoleRequest,
  type ConsoleSession,
  type ConsoleUpdate,
  consoleError,
  type Permission,
} from '../contract/supervisor-console.ts';
import type { SupervisorAction, SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import type { Officers } from '../officers/officers.ts';
import { permissionFor, permissionsOf, roleMay, viewerOf } from '../officers/permissions.ts';
import type { Session } from '../officers/sessions.ts';
import type { Clock } from './clock.ts';
import type { ActingOfficer, OfficerActions } from './officer-actions.ts';
import { type ConsoleQueries, QUERY_PERMISSIONS } from './officer-queries.ts';

export interface OfficerConsoleOptions {
  readonly laneId: string;
  readonly officers: Officers;
  readonly actions: Pick<OfficerActions, 'act' | 'material'>;
  readonly queries: ConsoleQueries;
  readonly clock: Clock;
  /** The demonstration's switch: the account a viewer has without signing in, or null where there is no switch. */
  readonly lookAs: ((viewer: Viewer) => Promise<Session | null>) | null;
  readonly send: (update: ConsoleUpdate) => void;
}

const DONE: ConsoleReply = { ok: true, value: { type: 'done' } };
const refused = (code: ConsoleError['code']): ConsoleReply => ({ ok: false, error: consoleError(code) });
const accountReply = (result: Result<unknown, AccountError>): ConsoleReply =>
  result.ok ? DONE : { ok: false, error: { ...result.error, by: null } };

/** One console at this lane: its session, what it is shown, and what it asks. Nothing is shown or done without a session. */
export class OfficerConsole {
  readonly #options: OfficerConsoleOptions;
  readonly #views = new Map<Viewer, SupervisorView>();
  #token: string | null = null;
  #shown = '';
  #ended: Extract<ConsoleSession, { state: 'signedOut' }>['ended'] = null;
  #stopTimer: (() => void) | null = null;
  #signedOutByHand = false;
  #closed = false;

  constructor(options: OfficerConsoleOptions) {
    this.#options = options;
  }

  /** The lane makes one view for each viewer; only the one of who is signed in goes on. */
  view(view: SupervisorView): void {
    this.#views.set(view.viewer, view);
    if (this.#viewer() === view.viewer) this.#sendView(view);
  }

  async handle(request: ConsoleRequest): Promise<ConsoleReply> {
    const { officers } = this.#options;
    switch (request.type) {
      case 'hello':
        if (this.#token === null && !this.#signedOutByHand) await this.#look('portSupervisor');
        this.#shown = '';
        await this.#tellSession();
        return DONE;
      case 'signIn':
        return this.#signIn(request);
      case 'signOut':
        if (this.#token !== null) officers.signOut(this.#token);
        this.#token = null;
        this.#ended = null;
        this.#signedOutByHand = true;
        return this.#tell(DONE);
      case 'lock':
        if (this.#token !== null) officers.lock(this.#token);
        return this.#tell(DONE);
      case 'unlock':
        return this.#tell(accountReply(await officers.unlock(this.#token ?? '', request.pin)));
      case 'active':
        if (this.#token !== null) officers.touch(this.#token);
        this.#watch();
        return DONE;
      case 'lookAs':
        return this.#tell((await this.#look(request.viewer)) ? DONE : refused('notAllowed'));
      case 'authenticate':
        return this.#tell(accountReply(await officers.authenticate(this.#token ?? '', request.pin)));
      case 'secondOfficer':
        return this.#tell(
          accountReply(await officers.confirmSecond(this.#token ?? '', request.officer, request.pin, request.recordId)),
        );
      case 'focus':
        return this.#signedIn(async () =>
          request.laneId === this.#options.laneId ? this.#repeatView() : refused('unknownLane'),
        );
      case 'act':
        return this.#act(request.laneId, request.action);
      case 'pictures':
        return this.#pictures(request.laneId, request.recordId);
      case 'search':
      case 'charts':
      case 'audit':
        return this.#signedIn(
          async (session) => this.#options.queries.answer(request, session.officer),
          QUERY_PERMISSIONS[request.type],
        );
    }
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer?.();
  }

  async #signIn({ officer, pin, newPin }: Extract<ConsoleRequest, { type: 'signIn' }>): Promise<ConsoleReply> {
    const { officers } = this.#options;
    const signedIn = await officers.signIn(officer, pin, newPin);
    if (!signedIn.ok) return this.#tell(accountReply(signedIn));
    if (this.#token !== null) officers.signOut(this.#token);
    this.#token = signedIn.value.token;
    this.#ended = null;
    return this.#tell(DONE);
  }

  async #look(viewer: Viewer): Promise<boolean> {
    const session = (await this.#options.lookAs?.(viewer)) ?? null;
    if (session === null) return false;
    this.#token = this.#options.officers.startUnproved(session);
    this.#ended = null;
    return true;
  }

  #act(laneId: string, action: SupervisorAction): Promise<ConsoleReply> {
    const subject = 'recordId' in action ? action.recordId : '';
    return this.#signedIn(async (session) => {
      if (laneId !== this.#options.laneId) return refused('unknownLane');
      const { officers, actions } = this.#options;
      const done = await actions.act(this.#acting(session, subject), action);
      if (done.ok && this.#token !== null && subject !== '') officers.spend(this.#token);
      return done.ok ? DONE : done;
    }, permissionFor(action));
  }

  #pictures(laneId: string, recordId: string): Promise<ConsoleReply> {
    return this.#signedIn(async (session) => {
      if (laneId !== this.#options.laneId) return refused('unknownLane');
      const material = await this.#options.actions.material(this.#acting(session, recordId), recordId);
      if (!material.ok) return material;
      return { ok: true, value: { type: 'pictures', ...material.value } satisfies ConsoleAnswer };
    }, 'resolve');
  }

  #acting({ officer, role }: Session, subject: string): ActingOfficer {
    const second = this.#token === null ? null : this.#options.officers.second(this.#token, subject);
    return { viewer: viewerOf(role), officer, second };
  }

  async #signedIn(
    work: (session: Session) => Promise<ConsoleReply>,
    permission: Permission | null = null,
  ): Promise<ConsoleReply> {
    if (this.#token === null) return refused('signInNeeded');
    const session = await this.#options.officers.session(this.#token);
    if (!session.ok) return this.#tell(accountReply(session));
    this.#watch();
    if (permission !== null && !roleMay(session.value.role, permission)) return refused('notAllowed');
    return work(session.value);
  }

  #viewer(): Viewer | null {
    const { officers } = this.#options;
    if (this.#token === null || officers.state(this.#token) !== 'signedIn') return null;
    const session = officers.read(this.#token);
    return session === null ? null : viewerOf(session.role);
  }

  #sendView(view: SupervisorView): void {
    this.#options.send({ type: 'cards', complete: true, cards: [cardOf(view, true)] });
    this.#options.send({ type: 'lane', view });
  }

  #repeatView(): ConsoleReply {
    const viewer = this.#viewer();
    const view = viewer === null ? undefined : this.#views.get(viewer);
    if (view !== undefined) this.#sendView(view);
    return DONE;
  }

  async #tell(reply: ConsoleReply): Promise<ConsoleReply> {
    await this.#tellSession();
    return reply;
  }

  /** Tells what the session is when it is another than was told before; then the views of who is signed in now. */
  async #tellSession(): Promise<void> {
    const session = await this.#session();
    const text = JSON.stringify(session);
    if (text === this.#shown || this.#closed) return;
    this.#shown = text;
    this.#options.send({ type: 'session', session });
    this.#repeatView();
    this.#watch();
  }

  async #session(): Promise<ConsoleSession> {
    const { officers, lookAs } = this.#options;
    const mayLookAs = lookAs !== null;
    const session = this.#token === null ? null : officers.read(this.#token);
    if (this.#token === null || session === null) {
      if (this.#token !== null) this.#ended = 'tooLong';
      this.#token = null;
      return { state: 'signedOut', noOfficers: (await officers.anyAccount()) === false, ended: this.#ended, mayLookAs };
    }
    const { officer, role } = session;
    if (officers.state(this.#token) === 'locked') return { state: 'locked', officer, role };
    const may = [...permissionsOf(role)];
    const idleLockSeconds = Math.round(officers.policy.idleLockMs / 1000);
    return { state: 'signedIn', officer, role, viewer: viewerOf(role), may, idleLockSeconds, mayLookAs };
  }

  /** Looks again when the session changes by itself: idle for too long, or a shift over. */
  #watch(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    const inMs = this.#token === null ? null : this.#options.officers.changesIn(this.#token);
    if (inMs === null || this.#closed) return;
    this.#stopTimer = this.#options.clock.after(inMs + 1, () => void this.#tellSession());
  }
}
