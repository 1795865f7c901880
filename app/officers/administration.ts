import type { Authority } from '../contract/crossing.ts';
import { isOfControl, type OfficerRole } from '../contract/officer-account.ts';
import { err, type Result } from '../contract/result.ts';
import type { AccountStoreError, OfficerAccountStore } from './account-store.ts';
import type { PinHashError, PinHasher } from './pin-hasher.ts';
import { isTooSimple } from './pin-rules.ts';

interface Place {
  readonly store: OfficerAccountStore;
  readonly hasher: Pick<PinHasher, 'hash'>;
  readonly number: string;
  /** Good for the first sign-in only. */
  readonly pin: string;
  /** ISO instant. */
  readonly at: string;
}

export type AdministrationError =
  | AccountStoreError
  | PinHashError
  | { readonly code: 'pinTooSimple' }
  /** An officer of a control is an officer of somebody's control. */
  | { readonly code: 'authorityNeeded' };

/** What an administrator does who owns the machine: there is no account above all others. */
export async function addOfficer(
  input: Place & { readonly role: OfficerRole; readonly authority: Authority | null },
): Promise<Result<void, AdministrationError>> {
  const { store, hasher, number, role, authority, pin, at } = input;
  if (isOfControl(role) && authority === null) return err({ code: 'authorityNeeded' });
  if (!isOfControl(role) && authority !== null) return err({ code: 'roleOfPort' });
  if (isTooSimple(pin)) return err({ code: 'pinTooSimple' });
  const hash = await hasher.hash(pin);
  if (!hash.ok) return hash;
  const pinHash = hash.value;
  return store.add({ number, role, authority, pinHash, pinIsFirst: true, closed: false, addedAt: at, pinSetAt: at });
}

/** Also lifts a lock. The officer's sessions end. */
export async function resetPin(input: Place): Promise<Result<void, AdministrationError>> {
  const { store, hasher, number, pin, at } = input;
  if (isTooSimple(pin)) return err({ code: 'pinTooSimple' });
  const found = await store.find(number);
  if (!found.ok) return found;
  if (found.value === null) return err({ code: 'unknownOfficer' });
  const hash = await hasher.hash(pin);
  return hash.ok ? store.setPin(number, hash.value, true, at) : hash;
}
