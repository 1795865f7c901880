import { existsSync } from 'node:fs';
import { TrustDatabase } from '../../../documents/lds/pki/trust-database.ts';
import { type Found, found } from './timed.ts';

const DAY_MS = 86_400_000;
/** ICAO and national master lists come at least every three months; a list that is older misses new signers. */
const TRUST_AGE_LIMIT_DAYS = 90;

/** Age and size of the trust store. `needed`: a chip reader is fitted, so that a lane without trust can clear nobody's chip. */
export function checkTrustList(path: string, needed: boolean, nowMs: number): Found {
  // Never made here: looking must not create what it looks for.
  if (!existsSync(path)) return needed ? found('failed', 'trustListMissing') : found('notFitted');
  const opened = TrustDatabase.open(path);
  if (!opened.ok) return found('failed', opened.error.code);
  try {
    const age = opened.value.age(new Date(nowMs));
    const days = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / DAY_MS));
    const ageDays = days(age.lastImportMs === null ? null : nowMs - age.lastImportMs);
    const facts = {
      authorities: age.authorities,
      countries: age.countries,
      documentSigners: age.documentSigners,
      revocationLists: age.revocationLists,
      expiredAuthorities: age.expiredAuthorities,
      ageDays,
      nextExpiryDays: days(age.nextAuthorityExpiryMs === null ? null : age.nextAuthorityExpiryMs - nowMs),
      revocationFreshDays: days(age.revocationFreshUntilMs === null ? null : age.revocationFreshUntilMs - nowMs),
    };
    if (age.authorities === 0) return found(needed ? 'failed' : 'warning', 'trustListEmpty', facts);
    if (ageDays === null || ageDays > TRUST_AGE_LIMIT_DAYS) return found('warning', 'trustListOld', facts);
    const stale = age.revocationFreshUntilMs !== null && age.revocationFreshUntilMs < nowMs;
    return stale ? found('warning', 'revocationStale', facts) : found('passed', null, facts);
  } finally {
    opened.value.close();
  }
}
