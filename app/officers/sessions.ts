import { createHash, randomBytes } from 'node:crypto';
import type { Officer } from '../contract/officer-account.ts';

/** Milliseconds. */
export interface SessionPolicy {
  /** Without a touch for so long the console locks itself; the PIN opens it again. */
  readonly idleLockMs: number;
  /** A shift: after it the officer signs in anew, whatever they did. */
  readonly longestMs: number;
  /** How long a repeated authentication, or a second officer's word, may be used. */
  readonly freshMs: number;
}

export const SESSION_POLICY: SessionPolicy = { idleLockMs: 300_000, longestMs: 12 * 3_600_000, freshMs: 90_000 };

export interface Session extends Officer {
  /** Of the account at sign-in: a session of an older PIN is over. */
  readonly pinSetAt: string;
}

interface Kept extends Session {
  readonly startedMs: number;
  activeMs: number;
  locked: boolean;
  /** When the officer proved again who they are; spent by the action it was for. */
  freshMs: number | null;
  second: { readonly officer: Officer; readonly subject: string; readonly atMs: number } | null;
}

export type SessionState = 'signedIn' | 'locked' | 'ended';

/**
 * Who is signed in at which console, in memory only: a restart signs everybody out. Tokens are 256 random bits of which only
 * a hash is kept. Times are of a clock that never steps back.
 */
export class Sessions {
  readonly #policy: SessionPolicy;
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(policy: SessionPolicy, nowMs: () => number) {
    this.#policy = policy;
    this.#nowMs = nowMs;
  }

  start(session: Session): string {
    for (const [key, kept] of this.#kept) if (this.#stateOf(kept) === 'ended') this.#kept.delete(key);
    const token = randomBytes(32).toString('base64url');
    const nowMs = this.#nowMs();
    this.#kept.set(keyOf(token), {
      ...session,
      startedMs: nowMs,
      activeMs: nowMs,
      locked: false,
      freshMs: null,
      second: null,
    });
    return token;
  }

  state(token: string): SessionState {
    const kept = this.#kept.get(keyOf(token));
    return kept === undefined ? 'ended' : this.#stateOf(kept);
  }

  /** Also of a locked one: its officer may unlock it. */
  read(token: string): Session | null {
    const kept = this.#kept.get(keyOf(token));
    return kept === undefined || this.#stateOf(kept) === 'ended' ? null : kept;
  }

  end(token: string): void {
    this.#kept.delete(keyOf(token));
  }

  touch(token: string): void {
    const kept = this.#open(token);
    if (kept !== null) kept.activeMs = this.#nowMs();
  }

  lock(token: string): void {
    const kept = this.#open(token);
    if (kept === null) return;
    kept.locked = true;
    kept.freshMs = null;
    kept.second = null;
  }

  unlock(token: string): void {
    const kept = this.#kept.get(keyOf(token));
    if (kept === undefined || this.#stateOf(kept) === 'ended') return;
    kept.locked = false;
    kept.activeMs = this.#nowMs();
  }

  authenticated(token: string): void {
    const kept = this.#open(token);
    if (kept !== null) kept.freshMs = this.#nowMs();
  }

  confirmed(token: string, officer: Officer, subject: string): void {
    const kept = this.#open(token);
    if (kept !== null) kept.second = { officer, subject, atMs: this.#nowMs() };
  }

  isFresh(token: string): boolean {
    const kept = this.#open(token);
    return kept !== null && kept.freshMs !== null && this.#nowMs() - kept.freshMs <= this.#policy.freshMs;
  }

  /** The second officer who stands by this subject, or null. */
  second(token: string, subject: string): Officer | null {
    const second = this.#open(token)?.second ?? null;
    if (second === null || second.subject !== subject) return null;
    return this.#nowMs() - second.atMs <= this.#policy.freshMs ? second.officer : null;
  }

  /** One authentication is for one action. */
  spend(token: string): void {
    const kept = this.#open(token);
    if (kept === null) return;
    kept.freshMs = null;
    kept.second = null;
  }

  /** Milliseconds until this session changes by itself; null when it is over. */
  changesIn(token: string): number | null {
    const kept = this.#kept.get(keyOf(token));
    if (kept === undefined || this.#stateOf(kept) === 'ended') return null;
    const end = kept.startedMs + this.#policy.longestMs;
    const next = this.#stateOf(kept) === 'locked' ? end : Math.min(end, kept.activeMs + this.#policy.idleLockMs);
    return Math.max(0, next - this.#nowMs());
  }

  #open(token: string): Kept | null {
    const kept = this.#kept.get(keyOf(token));
    return kept !== undefined && this.#stateOf(kept) === 'signedIn' ? kept : null;
  }

  #stateOf(kept: Kept): SessionState {
    const nowMs = this.#nowMs();
    if (nowMs - kept.startedMs >= this.#policy.longestMs) return 'ended';
    // What was proved before the lock does not count after it.
    if (nowMs - kept.activeMs >= this.#policy.idleLockMs && !kept.locked)
      Object.assign(kept, { locked: true, freshMs: null, second: null });
    return kept.locked ? 'locked' : 'signedIn';
  }
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
