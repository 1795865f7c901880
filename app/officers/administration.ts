import type { OfficerRole } from '../contract/officer-account.ts';
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

export type AdministrationError = AccountStoreError | PinHashError | { readonly code: 'pinTooSimple' };

/** What an administrator does who owns the machine: there is no account above all others. */
export async function addOfficer(
  input: Place & { readonly role: OfficerRole },
): Promise<Result<void, AdministrationError>> {
  const { store, hasher, number, role, pin, at } = input;
  if (isTooSimple(pin)) return err({ code: 'pinTooSimple' });
  const hash = await hasher.hash(pin);
  if (!hash.ok) return hash;
  return store.add({ number, role, pinHash: hash.value, pinIsFirst: true, closed: false, addedAt: at, pinSetAt: at });
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
