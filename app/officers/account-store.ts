import type { AuditEventId, AuditFacts } from '../contract/audit-events.ts';
import type { Authority } from '../contract/crossing.ts';
import type { OfficerRole } from '../contract/officer-account.ts';
import type { Result } from '../contract/result.ts';
import type { Attempts } from './lock-out.ts';

export interface OfficerAccount {
  readonly number: string;
  readonly role: OfficerRole;
  /** Whose control an exit or entry officer is of. Null for the port's roles, and for accounts of before there were authorities. */
  readonly authority: Authority | null;
  /** argon2id in the PHC string format; never leaves this room. */
  readonly pinHash: string;
  /** Given by an administrator: good for choosing an own one only. */
  readonly pinIsFirst: boolean;
  readonly closed: boolean;
  readonly addedAt: string;
  readonly pinSetAt: string;
}

export type AccountStoreError =
  | { readonly code: 'numberTaken' }
  | { readonly code: 'unknownOfficer' }
  /** The port's roles belong to no authority. */
  | { readonly code: 'roleOfPort' }
  | { readonly code: 'storeFailed'; readonly detail: string };

/** A change an administrator made outside the running system, waiting for the journal. */
export interface PendingLine {
  readonly id: number;
  readonly event: AuditEventId;
  readonly facts: AuditFacts;
}

/** What the policy makes of an attempt; `null`: not allowed now, nothing is counted. */
export type CountAttempt = (before: Attempts) => Attempts | null;

/**
 * Officers' accounts of a lane (SQLite) or a port (PostgreSQL): same interface, same contract suite. What returned ok is
 * durable. Instants are ISO texts, given by the caller.
 */
export interface OfficerAccountStore {
  find(number: string): Promise<Result<OfficerAccount | null, AccountStoreError>>;
  list(): Promise<Result<readonly OfficerAccount[], AccountStoreError>>;
  /** `numberTaken` also when the account is closed: a number is one person's for ever. `roleOfPort` with an authority it can't have. */
  add(account: OfficerAccount): Promise<Result<void, AccountStoreError>>;
  setPin(number: string, pinHash: string, pinIsFirst: boolean, at: string): Promise<Result<void, AccountStoreError>>;
  /** Binds the account to an authority, or to another one. Sessions of before are over. */
  setAuthority(number: string, authority: Authority): Promise<Result<void, AccountStoreError>>;
  setClosed(number: string, closed: boolean, at: string): Promise<Result<void, AccountStoreError>>;
  /**
   * Counts an attempt before its PIN is looked at, in one transaction: of guesses that come at the same instant each one
   * costs an attempt. Gives what was before; for unknown numbers too, so that they behave alike.
   */
  attempt(number: string, at: string, count: CountAttempt): Promise<Result<Attempts, AccountStoreError>>;
  /** After a right PIN. */
  forgetAttempts(number: string): Promise<Result<void, AccountStoreError>>;
  pending(): Promise<Result<readonly PendingLine[], AccountStoreError>>;
  written(id: number): Promise<Result<void, AccountStoreError>>;
  close(): Promise<void>;
}

/** Attempts on numbers that are no account are kept at most this many, so that a stranger can't fill the disk. */
export const MAX_UNKNOWN_ATTEMPTS = 500;
