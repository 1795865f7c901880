import { z } from 'zod';
import type { Owner, Side } from './crossing.ts';

/** What an officer may be. Two belong to a control, the others to the port. */
export const OFFICER_ROLES = ['exitOfficer', 'entryOfficer', 'portSupervisor', 'technician', 'auditor'] as const;
export const officerRoleSchema = z.enum(OFFICER_ROLES);
export type OfficerRole = z.infer<typeof officerRoleSchema>;

/** The officer's service number: stands in the journal, so it is no name. */
export const officerNumberSchema = z.string().regex(/^[A-Z0-9]{3,16}$/);

/** Six to twelve digits, typed on a number pad. Never logged, never kept: only its argon2id hash is. */
export const pinSchema = z.string().regex(/^[0-9]{6,12}$/);

/** Whose officer this is: one side's, or the port's. */
export function ownerOfRole(role: OfficerRole): Owner {
  return role === 'exitOfficer' ? 'exit' : role === 'entryOfficer' ? 'entry' : 'port';
}

export function sideOfRole(role: OfficerRole): Side | null {
  const owner = ownerOfRole(role);
  return owner === 'port' ? null : owner;
}

/** Why a sign-in, a repeated authentication or a second officer was turned down. */
export const ACCOUNT_ERROR_CODES = [
  // Unknown number, wrong PIN and closed account are one answer: numbers can't be found out by trying.
  'credentialsWrong',
  // Too many wrong PINs: wait `waitSeconds`, or an administrator resets the PIN (`waitSeconds` null).
  'accountLocked',
  // The first PIN was given by an administrator: the officer chooses one that nobody else knows.
  'pinToBeChanged',
  'pinTooSimple',
  'sessionEnded',
  'sessionLocked',
  'samePerson',
  'otherSide',
  // So many sign-ins wait already that this one was not tried.
  'busy',
  'storeFailed',
] as const;
export const accountErrorCodeSchema = z.enum(ACCOUNT_ERROR_CODES);
export type AccountErrorCode = z.infer<typeof accountErrorCodeSchema>;

export interface AccountError {
  readonly code: AccountErrorCode;
  /** Seconds until the next try, for `accountLocked` with an end. */
  readonly waitSeconds: number | null;
}
