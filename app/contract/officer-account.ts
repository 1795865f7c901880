import { z } from 'zod';
import { type Authority, authoritySchema, type Direction, type Side } from './crossing.ts';

/** What an officer may be. Two belong to a control, the others to the port. */
export const OFFICER_ROLES = ['exitOfficer', 'entryOfficer', 'portSupervisor', 'technician', 'auditor'] as const;
export const officerRoleSchema = z.enum(OFFICER_ROLES);
export type OfficerRole = z.infer<typeof officerRoleSchema>;

/** The officer's service number: stands in the journal, so it is no name. */
export const officerNumberSchema = z.string().regex(/^[A-Z0-9]{3,16}$/);

/** Six to twelve digits, typed on a number pad. Never logged, never kept: only its argon2id hash is. */
export const pinSchema = z.string().regex(/^[0-9]{6,12}$/);

/** With what somebody signs in, at a console as at the workbench. */
export const signInSchema = z.strictObject({
  type: z.literal('signIn'),
  officer: officerNumberSchema,
  pin: pinSchema,
  /** After `pinToBeChanged`, or when the officer wishes. */
  newPin: pinSchema.nullable(),
});

/** Who somebody is to a lane. Which side of it is theirs, their authority and the lane's direction say. */
export const officerSchema = z.strictObject({
  officer: officerNumberSchema,
  role: officerRoleSchema,
  /** Of an exit or entry officer. Null: no administrator has bound the account yet, or the role is the port's. */
  authority: authoritySchema.nullable(),
});
export type Officer = z.infer<typeof officerSchema>;
type Belonging = Pick<Officer, 'role' | 'authority'>;

/** Officers of a control belong to an authority; all others to the port. */
export function isOfControl(role: OfficerRole): boolean {
  return role === 'exitOfficer' || role === 'entryOfficer';
}

/** Whose eyes somebody has: those of their authority's officers, or the port's, which see neither side's reasons. */
export type Eyes = Authority | 'port';

/** An account of a control that is bound to no authority has the port's eyes. */
export function eyesOf({ role, authority }: Belonging): Eyes {
  return isOfControl(role) && authority !== null ? authority : 'port';
}

/** Which side of a lane is an authority's own: decided by where the lane leads now, never by the name of a role (G5). */
export function sideOn(eyes: Eyes, { from, to }: Direction): Side | null {
  return eyes === from ? 'exit' : eyes === to ? 'entry' : null;
}

/** Two officers of one authority, or two of the port. Who is bound to no authority stands with nobody. */
export function standTogether(one: Belonging, other: Belonging): boolean {
  if (!isOfControl(one.role) && !isOfControl(other.role)) return true;
  return (
    isOfControl(one.role) && isOfControl(other.role) && one.authority !== null && one.authority === other.authority
  );
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
