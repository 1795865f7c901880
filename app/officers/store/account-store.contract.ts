import { describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { MAX_UNKNOWN_ATTEMPTS, type OfficerAccount, type OfficerAccountStore } from '../account-store.ts';
import { countAttempt } from '../lock-out.ts';

const AT = '2026-05-08T02:15:00.000Z';
const LATER = '2026-05-08T03:15:00.000Z';
const HASH = '$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA';

export function specimenAccount(change: Partial<OfficerAccount> = {}): OfficerAccount {
  return {
    number: 'E1001',
    role: 'exitOfficer',
    authority: 'CHN',
    pinHash: HASH,
    pinIsFirst: true,
    closed: false,
    addedAt: AT,
    pinSetAt: AT,
    ...change,
  };
}

/** What every account store does. `reopen` gives the same accounts again, as after a restart. */
export function describeAccountStore(
  open: () => Promise<OfficerAccountStore>,
  reopen: () => Promise<OfficerAccountStore>,
) {
  describe('an account store', () => {
    test('keeps accounts, and a number is given once only', async () => {
      const store = await open();
      expect(unwrap(await store.find('E1001'))).toBeNull();
      expect(unwrap(await store.list())).toEqual([]);
      unwrap(await store.add(specimenAccount()));
      unwrap(await store.add(specimenAccount({ number: 'A5001', role: 'auditor', authority: null })));
      expect(await store.add(specimenAccount({ role: 'auditor', authority: null }))).toEqual({
        ok: false,
        error: { code: 'numberTaken' },
      });
      await store.close();
      const again = await reopen();
      expect(unwrap(await again.find('E1001'))).toEqual(specimenAccount());
      expect(unwrap(await again.list()).map(({ number }) => number)).toEqual(['A5001', 'E1001']);
      await again.close();
    });

    test('changes PINs and closes accounts, and says what an administrator did until it is in the journal', async () => {
      const store = await open();
      unwrap(await store.add(specimenAccount()));
      const hash = `${HASH}x`;
      unwrap(await store.setPin('E1001', hash, false, LATER));
      unwrap(await store.setClosed('E1001', true, LATER));
      expect(unwrap(await store.find('E1001'))).toEqual(
        specimenAccount({ pinHash: hash, pinIsFirst: false, pinSetAt: LATER, closed: true }),
      );
      unwrap(await store.setClosed('E1001', false, LATER));
      unwrap(await store.setPin('E1001', HASH, true, LATER));
      const lines = unwrap(await store.pending());
      expect(lines.map(({ event, facts }) => [event, facts.officer])).toEqual([
        ['officerAccountAdded', 'E1001'],
        ['officerPinChanged', 'E1001'],
        ['officerAccountClosed', 'E1001'],
        ['officerAccountOpened', 'E1001'],
        ['officerPinReset', 'E1001'],
      ]);
      expect(JSON.stringify(lines)).not.toContain('argon2');
      for (const { id } of lines.slice(0, 4)) unwrap(await store.written(id));
      expect(unwrap(await store.pending())).toHaveLength(1);
      for (const missing of [store.setPin('N0', HASH, true, AT), store.setClosed('N0', true, AT)])
        expect(await missing).toEqual({ ok: false, error: { code: 'unknownOfficer' } });
      await store.close();
    });

    test('binds officers of a control to an authority, and nobody else', async () => {
      const store = await open();
      unwrap(await store.add(specimenAccount({ authority: null })));
      unwrap(await store.add(specimenAccount({ number: 'P3001', role: 'portSupervisor', authority: null })));
      const roleOfPort = { ok: false, error: { code: 'roleOfPort' } };
      expect(await store.add(specimenAccount({ number: 'P3002', role: 'portSupervisor' }))).toEqual(roleOfPort);
      expect(await store.setAuthority('P3001', 'CHN')).toEqual(roleOfPort);
      expect(await store.setAuthority('N0', 'CHN')).toEqual({ ok: false, error: { code: 'unknownOfficer' } });
      // What is no state's code stays out of the rows, whoever sent it.
      expect(await store.setAuthority('E1001', 'chn')).toMatchObject({ error: { code: 'storeFailed' } });
      expect(unwrap(await store.find('E1001'))?.authority).toBeNull();
      unwrap(await store.setAuthority('E1001', 'MAC'));
      await store.close();
      const again = await reopen();
      expect(unwrap(await again.find('E1001'))).toEqual(specimenAccount({ authority: 'MAC' }));
      expect(unwrap(await again.find('P3001'))?.authority).toBeNull();
      expect(unwrap(await again.find('P3002'))).toBeNull();
      expect(unwrap(await again.pending()).map(({ event, facts }) => [event, facts.authority])).toEqual([
        ['officerAccountAdded', null],
        ['officerAccountAdded', null],
        ['officerAuthoritySet', 'MAC'],
      ]);
      await again.close();
    });

    test('of attempts at the same instant each one counts, for numbers that are nobody’s too', async () => {
      const store = await open();
      unwrap(await store.add(specimenAccount()));
      const nowMs = Date.parse(AT);
      for (const number of ['E1001', 'NOBODY']) {
        const tries = await Promise.all(
          Array.from({ length: 8 }, () => store.attempt(number, AT, (before) => countAttempt(before, nowMs))),
        );
        expect(tries.map((tried) => unwrap(tried).failures).sort()).toEqual([0, 1, 2, 3, 3, 3, 3, 3]);
      }
      await store.close();
      const again = await reopen();
      expect(unwrap(await again.attempt('E1001', AT, () => null)).failures).toBe(3);
      unwrap(await again.forgetAttempts('E1001'));
      expect(unwrap(await again.attempt('E1001', AT, () => null))).toEqual({ failures: 0, lockedUntil: null });
      await again.close();
    });

    test('a new PIN lifts the lock', async () => {
      const store = await open();
      unwrap(await store.add(specimenAccount()));
      unwrap(await store.attempt('E1001', AT, () => ({ failures: 10, lockedUntil: null })));
      unwrap(await store.setPin('E1001', HASH, true, LATER));
      expect(unwrap(await store.attempt('E1001', AT, () => null)).failures).toBe(0);
      await store.close();
    });

    test('a stranger who tries numbers fills no disk and frees no officer', async () => {
      const store = await open();
      unwrap(await store.add(specimenAccount()));
      unwrap(await store.attempt('E1001', AT, () => ({ failures: 9, lockedUntil: null })));
      for (let n = 0; n < MAX_UNKNOWN_ATTEMPTS + 3; n += 1)
        unwrap(
          await store.attempt(`X${n}`, new Date(Date.parse(LATER) + n).toISOString(), () => ({
            failures: 1,
            lockedUntil: null,
          })),
        );
      expect(unwrap(await store.attempt('X0', LATER, () => null)).failures).toBe(0);
      expect(unwrap(await store.attempt('X9', LATER, () => null)).failures).toBe(1);
      expect(unwrap(await store.attempt('E1001', LATER, () => null)).failures).toBe(9);
      await store.close();
    });
  });
}

/** An account as the first version of the store wrote it, before there were authorities. */
export const ACCOUNT_OF_BEFORE = `('E1001', 'exitOfficer', '${HASH}', FALSE, FALSE, '${AT}', '${AT}')`;

/** What every store does with accounts of before: they are kept, and are nobody's until an administrator binds them. */
export async function expectAccountsOfBefore(reopen: () => Promise<OfficerAccountStore>): Promise<void> {
  for (const authority of [null, 'CHN']) {
    const store = await reopen();
    expect(unwrap(await store.list())).toEqual([specimenAccount({ authority, pinIsFirst: false })]);
    unwrap(await store.setAuthority('E1001', 'CHN'));
    await store.close();
  }
}
