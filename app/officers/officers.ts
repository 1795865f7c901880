import type { AuditEventId, AuditFacts } from '../contract/audit-events.ts';
import { type AccountError, type Officer, standTogether } from '../contract/officer-account.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { OfficerAccount, OfficerAccountStore } from './account-store.ts';
import { countAttempt, isShutOut, waitSeconds } from './lock-out.ts';
import type { PinHasher } from './pin-hasher.ts';
import { isTooSimple } from './pin-rules.ts';
import { SESSION_POLICY, type Session, type SessionPolicy, Sessions } from './sessions.ts';

export interface OfficersOptions {
  readonly store: OfficerAccountStore;
  readonly hasher: Pick<PinHasher, 'hash' | 'verify'>;
  readonly clock: { nowMs(): number; monotonicMs(): number };
  /** Into the journal: number and role, never a PIN, never what was typed for a number that is no account's. */
  readonly note: (event: AuditEventId, facts: AuditFacts) => void;
  readonly policy?: SessionPolicy;
}

export interface SignedIn extends Session {
  readonly token: string;
}

type Purpose = 'signIn' | 'unlock' | 'authenticate' | 'secondOfficer';

/** The same work for a number that is nobody's: how long an answer takes tells nothing. */
const NOBODYS_HASH = `$argon2id$v=19$m=65536,t=3,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const failed = (code: AccountError['code'], wait: number | null = null): Result<never, AccountError> =>
  err({ code, waitSeconds: wait });

/** Signing in, staying signed in, and proving again who one is. Every success and every failure is noted for the journal. */
export class Officers {
  readonly policy: SessionPolicy;
  readonly #options: OfficersOptions;
  readonly #sessions: Sessions;

  constructor(options: OfficersOptions) {
    this.#options = options;
    this.policy = options.policy ?? SESSION_POLICY;
    this.#sessions = new Sessions(this.policy, () => options.clock.monotonicMs());
  }

  /** Null when the store does not say. */
  async anyAccount(): Promise<boolean | null> {
    const accounts = await this.#options.store.list();
    return accounts.ok ? accounts.value.length > 0 : null;
  }

  /** `newPin`: needed after `pinToBeChanged`, may be given at any sign-in. */
  async signIn(officer: string, pin: string, newPin: string | null): Promise<Result<SignedIn, AccountError>> {
    const verified = await this.#verify(officer, pin, 'signIn');
    if (!verified.ok) return verified;
    let account = verified.value;
    if (newPin !== null) {
      const changed = await this.#changePin(account, pin, newPin);
      if (!changed.ok) return changed;
      account = changed.value;
    } else if (account.pinIsFirst) return failed('pinToBeChanged');
    const who = officerOf(account);
    const session = { ...who, pinSetAt: account.pinSetAt };
    this.#options.note('officerSignedIn', { ...who });
    return ok({ ...session, token: this.#sessions.start(session) });
  }

  signOut(token: string): void {
    const session = this.#sessions.read(token);
    this.#sessions.end(token);
    if (session !== null) this.#options.note('officerSignedOut', { officer: session.officer });
  }

  /** A session without a PIN, for the demonstration's switch: the caller answers for who may have one. */
  startUnproved(session: Session): string {
    return this.#sessions.start(session);
  }

  lock(token: string): void {
    const session = this.#sessions.read(token);
    if (session === null || this.#sessions.state(token) === 'locked') return;
    this.#sessions.lock(token);
    this.#options.note('officerSessionEnded', { officer: session.officer, how: 'locked' });
  }

  async unlock(token: string, pin: string): Promise<Result<Session, AccountError>> {
    const session = this.#sessions.read(token);
    if (session === null) return failed('sessionEnded');
    const verified = await this.#verify(session.officer, pin, 'unlock');
    if (!verified.ok) return verified;
    if (this.#isStale(session, verified.value)) return this.#over(token, session);
    this.#sessions.unlock(token);
    this.#options.note('officerAuthenticated', { officer: session.officer, purpose: 'unlock' });
    return ok(session);
  }

  /** Fresh authentication, good for one action within `policy.freshMs`. */
  async authenticate(token: string, pin: string): Promise<Result<void, AccountError>> {
    const session = await this.session(token);
    if (!session.ok) return session;
    const verified = await this.#verify(session.value.officer, pin, 'authenticate');
    if (!verified.ok) return verified;
    this.#sessions.authenticated(token);
    this.#options.note('officerAuthenticated', { officer: session.value.officer, purpose: 'authenticate' });
    return ok();
  }

  /** Another officer of the same authority stands by what the first is about to do with `subject`. */
  async confirmSecond(
    token: string,
    officer: string,
    pin: string,
    subject: string,
  ): Promise<Result<void, AccountError>> {
    const session = await this.session(token);
    if (!session.ok) return session;
    if (officer === session.value.officer) return failed('samePerson');
    const verified = await this.#verify(officer, pin, 'secondOfficer');
    if (!verified.ok) return verified;
    const second = verified.value;
    // A PIN that an administrator knows would let one person be both.
    if (second.pinIsFirst) return failed('pinToBeChanged');
    if (!standTogether(second, session.value)) return failed('otherSide');
    this.#sessions.confirmed(token, officerOf(second), subject);
    this.#options.note('secondOfficerConfirmed', { officer: session.value.officer, second: officer });
    return ok();
  }

  /** The session if it may act now; asked of the account as well, so that a closed one acts no more. Touches it. */
  async session(token: string): Promise<Result<Session, AccountError>> {
    const state = this.#sessions.state(token);
    if (state !== 'signedIn') return failed(state === 'locked' ? 'sessionLocked' : 'sessionEnded');
    const session = this.#sessions.read(token);
    if (session === null) return failed('sessionEnded');
    const account = await this.#options.store.find(session.officer);
    if (!account.ok) return failed('storeFailed');
    if (account.value === null || this.#isStale(session, account.value)) return this.#over(token, session);
    this.#sessions.touch(token);
    return ok(session);
  }

  touch(token: string): void {
    this.#sessions.touch(token);
  }

  /** Without touching it. */
  state(token: string): 'signedIn' | 'locked' | 'ended' {
    return this.#sessions.state(token);
  }

  read(token: string): Session | null {
    return this.#sessions.read(token);
  }

  changesIn(token: string): number | null {
    return this.#sessions.changesIn(token);
  }

  isFresh(token: string): boolean {
    return this.#sessions.isFresh(token);
  }

  second(token: string, subject: string): Officer | null {
    return this.#sessions.second(token, subject);
  }

  spend(token: string): void {
    this.#sessions.spend(token);
  }

  /** Passes on what administrators did by command line; `write` says whether the journal has it. */
  async passOnPending(write: (event: AuditEventId, facts: AuditFacts) => Promise<boolean>): Promise<void> {
    const { store } = this.#options;
    const pending = await store.pending();
    for (const line of pending.ok ? pending.value : []) {
      if (!(await write(line.event, line.facts))) return;
      await store.written(line.id);
    }
  }

  close(): Promise<void> {
    return this.#options.store.close();
  }

  async #verify(number: string, pin: string, purpose: Purpose): Promise<Result<OfficerAccount, AccountError>> {
    const { store, hasher, clock, note } = this.#options;
    const nowMs = clock.nowMs();
    const at = new Date(nowMs).toISOString();
    const before = await store.attempt(number, at, (attempts) => countAttempt(attempts, nowMs));
    if (!before.ok) return failed('storeFailed');
    const wait = waitSeconds(before.value, nowMs);
    if (wait !== 0) return failed('accountLocked', wait);
    const found = await store.find(number);
    if (!found.ok) return failed('storeFailed');
    const account = found.value;
    const matches = await hasher.verify(pin, account?.pinHash ?? NOBODYS_HASH);
    if (!matches.ok) return failed(matches.error.code === 'busy' ? 'busy' : 'storeFailed');
    if (account !== null && matches.value && !account.closed) {
      const forgotten = await store.forgetAttempts(number);
      return forgotten.ok ? ok(account) : failed('storeFailed');
    }
    // What was typed for a number may be anything, a PIN too: only numbers of accounts are written down.
    note('officerSignInFailed', { officer: account === null ? 'unknown' : number, purpose });
    const after = countAttempt(before.value, nowMs) ?? before.value;
    if (account !== null && waitSeconds(after, nowMs) !== 0)
      note('officerLockedOut', { officer: number, failures: after.failures, untilReset: isShutOut(after) });
    return failed('credentialsWrong');
  }

  async #changePin(
    account: OfficerAccount,
    pin: string,
    newPin: string,
  ): Promise<Result<OfficerAccount, AccountError>> {
    if (newPin === pin || isTooSimple(newPin)) return failed('pinTooSimple');
    const hash = await this.#options.hasher.hash(newPin);
    if (!hash.ok) return failed(hash.error.code === 'busy' ? 'busy' : 'storeFailed');
    const at = new Date(this.#options.clock.nowMs()).toISOString();
    const set = await this.#options.store.setPin(account.number, hash.value, false, at);
    return set.ok ? ok({ ...account, pinIsFirst: false, pinSetAt: at }) : failed('storeFailed');
  }

  #isStale(session: Session, account: OfficerAccount): boolean {
    const { role, authority, pinSetAt } = account;
    const same = role === session.role && authority === session.authority && pinSetAt === session.pinSetAt;
    return account.closed || !same;
  }

  #over(token: string, session: Session): Result<never, AccountError> {
    this.#sessions.end(token);
    this.#options.note('officerSessionEnded', { officer: session.officer, how: 'accountChanged' });
    return failed('sessionEnded');
  }
}

function officerOf({ number, role, authority }: OfficerAccount): Officer {
  return { officer: number, role, authority };
}
