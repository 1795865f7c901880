import { type AccountError, type Eyes, eyesOf, type Officer } from '../contract/officer-account.ts';
import type { Result } from '../contract/result.ts';
import {
  type ConsoleError,
  type ConsoleReply,
  type ConsoleRequest,
  type ConsoleSession,
  consoleError,
  type Permission,
} from '../contract/supervisor-console.ts';
import type { SupervisorAction, Viewer } from '../contract/supervisor-view.ts';
import type { Officers } from './officers.ts';
import { permissionsOf, roleMay } from './permissions.ts';
import type { Session, SessionState } from './sessions.ts';

export type SeatRequest = Extract<
  ConsoleRequest,
  { type: 'signIn' | 'signOut' | 'lock' | 'unlock' | 'active' | 'lookAs' | 'authenticate' | 'secondOfficer' }
>;

export interface OfficerSeatOptions {
  readonly officers: Officers;
  /** As of a clock: calls once after so many milliseconds, gives the way to call it off. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** The demonstration's switch: the account a viewer has without signing in, or null where there is no switch. */
  readonly lookAs: ((viewer: Viewer) => Promise<Session | null>) | null;
  /** Somebody else sits here now. */
  readonly onSignedIn: () => void;
  /** The session is another, or may be: it is to be shown anew. */
  readonly onChanged: () => Promise<void>;
}

export const DONE: ConsoleReply = { ok: true, value: { type: 'done' } };
export const refused = (code: ConsoleError['code']): ConsoleReply => ({ ok: false, error: consoleError(code) });
const accountReply = (result: Result<unknown, AccountError>): ConsoleReply =>
  result.ok ? DONE : { ok: false, error: { ...result.error, by: null } };

/** What an officer at a console has proved for one action. */
export interface Proofs {
  /** Another officer of the same authority stands by it. */
  readonly second: Officer | null;
  readonly fresh?: true;
}

/** Who sits at one console, be it at a lane or in a browser at the hub: nothing is shown or done without a session. */
export class OfficerSeat {
  readonly #options: OfficerSeatOptions;
  #token: string | null = null;
  #ended: Extract<ConsoleSession, { state: 'signedOut' }>['ended'] = null;
  #stopTimer: (() => void) | null = null;
  #signedOutByHand = false;
  /** What the console has last been shown of the session's state. */
  #shown: SessionState = 'ended';
  #closed = false;

  constructor(options: OfficerSeatOptions) {
    this.#options = options;
  }

  /** Nobody is signed in, and no session waits to be unlocked. */
  get empty(): boolean {
    return this.#token === null || this.#options.officers.state(this.#token) === 'ended';
  }

  /** Null for nobody, and for a locked console: it is shown nothing. */
  get eyes(): Eyes | null {
    const { officers } = this.#options;
    if (this.#token === null || officers.state(this.#token) !== 'signedIn') return null;
    const session = officers.read(this.#token);
    return session === null ? null : eyesOf(session);
  }

  /** The session that may act now, for requests that are no console's. */
  async acting(): Promise<{ readonly session: Session; readonly fresh: boolean } | null> {
    const { officers } = this.#options;
    if (this.#token === null) return null;
    const session = await officers.session(this.#token);
    return session.ok ? { session: session.value, fresh: officers.isFresh(this.#token) } : null;
  }

  /** One authentication is for one action. */
  spend(): void {
    if (this.#token !== null) this.#options.officers.spend(this.#token);
  }

  /** Another officer of the same authority who stands by what is done with this record. */
  second(recordId: string): Officer | null {
    return this.#token === null ? null : this.#options.officers.second(this.#token, recordId);
  }

  /** A release needs who is signed in to have just proved it. One proof is for one try: it is spent here, whatever comes of it. */
  proofs(action: SupervisorAction): Proofs {
    const second = this.second('recordId' in action ? action.recordId : '');
    if (action.type !== 'releaseReferral' || this.#token === null) return { second };
    const fresh = this.#options.officers.isFresh(this.#token);
    this.spend();
    return fresh ? { second, fresh } : { second };
  }

  async handle(request: SeatRequest): Promise<ConsoleReply> {
    const { officers } = this.#options;
    const token = this.#token ?? '';
    switch (request.type) {
      case 'signIn':
        return this.#signIn(request);
      case 'signOut':
        officers.signOut(token);
        this.#token = null;
        this.#ended = null;
        this.#signedOutByHand = true;
        return this.#tell(DONE);
      case 'lock':
        officers.lock(token);
        return this.#tell(DONE);
      case 'unlock':
        return this.#tell(accountReply(await officers.unlock(token, request.pin)));
      case 'active':
        return this.#touch();
      case 'lookAs':
        return this.#tell((await this.#look(request.viewer)) ? DONE : refused('notAllowed'));
      case 'authenticate':
        return this.#tell(accountReply(await officers.authenticate(token, request.pin)));
      case 'secondOfficer':
        return this.#tell(
          accountReply(await officers.confirmSecond(token, request.officer, request.pin, request.recordId)),
        );
    }
  }

  /** The demonstration begins with somebody at the console, until they sign out. */
  async lookFirst(viewer: Viewer): Promise<void> {
    if (this.#token === null && !this.#signedOutByHand) await this.#look(viewer);
  }

  /** Does the work for who is signed in, if their role may do such a thing at all (`permission`; null: everybody may). */
  async signedIn(
    permission: Permission | null,
    work: (session: Session) => Promise<ConsoleReply>,
  ): Promise<ConsoleReply> {
    if (this.#token === null) return refused('signInNeeded');
    const session = await this.#options.officers.session(this.#token);
    if (!session.ok) return this.#tell(accountReply(session));
    this.watch();
    if (permission !== null && !roleMay(session.value.role, permission)) return refused('notAllowed');
    return work(session.value);
  }

  /** What the console is shown of its session. */
  async session(): Promise<ConsoleSession> {
    const { officers, lookAs } = this.#options;
    const mayLookAs = lookAs !== null;
    const session = this.#token === null ? null : officers.read(this.#token);
    if (this.#token === null || session === null) {
      if (this.#token !== null) this.#ended = 'tooLong';
      this.#token = null;
      this.#shown = 'ended';
      const noOfficers = (await officers.anyAccount()) === false;
      return { state: 'signedOut', noOfficers, ended: this.#ended, mayLookAs };
    }
    const { officer, role, authority } = session;
    this.#shown = officers.state(this.#token) === 'locked' ? 'locked' : 'signedIn';
    if (this.#shown === 'locked') return { state: 'locked', officer, role, authority };
    const idleLockSeconds = Math.round(officers.policy.idleLockMs / 1000);
    const may = [...permissionsOf(role)];
    return { state: 'signedIn', officer, role, authority, may, idleLockSeconds, mayLookAs };
  }

  /** Looks again when the session changes by itself: idle for too long, or a shift over. */
  watch(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    const { officers, after, onChanged } = this.#options;
    if (this.#token === null || this.#closed) return;
    // A timer may fire a moment early: what was shown then was still open, and has locked since.
    const isOld = officers.state(this.#token) !== this.#shown;
    const inMs = isOld ? 0 : (officers.changesIn(this.#token) ?? 0);
    this.#stopTimer = after(Math.ceil(inMs) + 1, () => void onChanged());
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer?.();
  }

  /** Whoever only looks is shown out too when their account was closed or is another authority's now. */
  async #touch(): Promise<ConsoleReply> {
    const { officers } = this.#options;
    if (this.#token === null) return DONE;
    const session = await officers.session(this.#token);
    if (!session.ok && session.error.code === 'sessionEnded') return this.#tell(accountReply(session));
    // Who is there is there, though the accounts cannot be asked.
    if (!session.ok) officers.touch(this.#token);
    this.watch();
    return DONE;
  }

  async #signIn({ officer, pin, newPin }: Extract<SeatRequest, { type: 'signIn' }>): Promise<ConsoleReply> {
    const { officers, onSignedIn } = this.#options;
    const signedIn = await officers.signIn(officer, pin, newPin);
    if (!signedIn.ok) return this.#tell(accountReply(signedIn));
    if (this.#token !== null) officers.signOut(this.#token);
    this.#token = signedIn.value.token;
    this.#ended = null;
    onSignedIn();
    return this.#tell(DONE);
  }

  async #look(viewer: Viewer): Promise<boolean> {
    const session = (await this.#options.lookAs?.(viewer)) ?? null;
    if (session === null) return false;
    this.#token = this.#options.officers.startUnproved(session);
    this.#ended = null;
    return true;
  }

  async #tell(reply: ConsoleReply): Promise<ConsoleReply> {
    await this.#options.onChanged();
    return reply;
  }
}
