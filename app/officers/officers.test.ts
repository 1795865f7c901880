import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditFacts } from '../contract/audit-events.ts';
import { isOfControl, type OfficerRole } from '../contract/officer-account.ts';
import { err, ok, unwrap } from '../contract/result.ts';
import type { OfficerAccountStore } from './account-store.ts';
import { addOfficer, resetPin } from './administration.ts';
import { Officers, type SignedIn } from './officers.ts';
import { openSqliteAccountStore } from './store/sqlite-account-store.ts';

/** Stands for argon2id where its quarter of a second would be spent a hundred times; `pin-hasher.test.ts` tests the real one. */
const hasher = {
  hash: async (pin: string) => ok(`$argon2id$fake$${Buffer.from(pin).toString('hex')}`),
  verify: async (pin: string, hash: string) =>
    hash === 'broken'
      ? err({ code: 'hashFailed' as const })
      : ok(hash === `$argon2id$fake$${Buffer.from(pin).toString('hex')}`),
};
const PIN = '481516';
const OTHER_PIN = '102938';

let folder = '';
let store: OfficerAccountStore;
let nowMs = 0;
let notes: { event: string; facts: AuditFacts }[] = [];
let officers: Officers;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-officers-'));
  store = unwrap(openSqliteAccountStore(join(folder, 'officers.sqlite')));
  nowMs = Date.parse('2026-05-08T02:15:00Z');
  notes = [];
  officers = new Officers({
    store,
    hasher,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    note: (event, facts) => notes.push({ event, facts }),
  });
});
afterEach(async () => {
  await officers.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An account whose officer has chosen a PIN already. */
async function account(number: string, role: OfficerRole, pin = PIN, of = 'CHN'): Promise<void> {
  const authority = isOfControl(role) ? of : null;
  unwrap(
    await addOfficer({ store, hasher, number, role, authority, pin: '654987', at: new Date(nowMs).toISOString() }),
  );
  officers.signOut(unwrap(await officers.signIn(number, '654987', pin)).token);
  notes = [];
}
const signIn = async (number: string, pin = PIN): Promise<SignedIn> => unwrap(await officers.signIn(number, pin, null));
const events = () => notes.map(({ event }) => event);
const codeOf = async (result: Promise<{ ok: boolean; error?: { code: string } }>) => (await result).error?.code;

describe('signing in', () => {
  test('a first PIN is good for choosing an own one only, and not a simple one', async () => {
    unwrap(
      await addOfficer({
        store,
        hasher,
        number: 'E1001',
        role: 'exitOfficer',
        authority: 'CHN',
        pin: '654987',
        at: new Date(nowMs).toISOString(),
      }),
    );
    expect(await codeOf(officers.signIn('E1001', '654987', null))).toBe('pinToBeChanged');
    expect(await codeOf(officers.signIn('E1001', '654987', '111111'))).toBe('pinTooSimple');
    expect(await codeOf(officers.signIn('E1001', '654987', '654987'))).toBe('pinTooSimple');
    expect(unwrap(await officers.signIn('E1001', '654987', PIN))).toMatchObject({
      officer: 'E1001',
      role: 'exitOfficer',
    });
    expect(await codeOf(officers.signIn('E1001', '654987', null))).toBe('credentialsWrong');
    expect(await signIn('E1001')).toMatchObject({ role: 'exitOfficer' });
  });

  test('an unknown number, a wrong PIN and a closed account are one answer, and what was typed is not written down', async () => {
    await account('E1001', 'exitOfficer');
    unwrap(await store.setClosed('E1001', true, ''));
    const answers = [
      await officers.signIn('E1001', PIN, null),
      await officers.signIn('E1001', OTHER_PIN, null),
      await officers.signIn('481516', PIN, null),
    ];
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(notes.map(({ facts }) => facts.officer)).toEqual(['E1001', 'E1001', 'unknown']);
    expect(JSON.stringify(notes)).not.toContain(PIN);
  });

  test('the account waits after three wrong PINs, also for the right one, and says how long', async () => {
    await account('E1001', 'exitOfficer');
    for (let n = 0; n < 3; n += 1) await officers.signIn('E1001', OTHER_PIN, null);
    expect(events()).toEqual([...Array<string>(3).fill('officerSignInFailed'), 'officerLockedOut']);
    expect(await officers.signIn('E1001', PIN, null)).toEqual({
      ok: false,
      error: { code: 'accountLocked', waitSeconds: 30 },
    });
    nowMs += 30_000;
    expect(await signIn('E1001')).toMatchObject({ officer: 'E1001' });
    expect(await codeOf(officers.signIn('E1001', OTHER_PIN, null))).toBe('credentialsWrong');
  });

  test('guesses sent at the same instant are stopped as guesses one after the other', async () => {
    await account('E1001', 'exitOfficer');
    const guesses = await Promise.all(
      Array.from({ length: 50 }, (_, n) => officers.signIn('E1001', String(200_000 + n), null)),
    );
    expect(guesses.filter((guess) => !guess.ok && guess.error.code === 'credentialsWrong')).toHaveLength(3);
  });

  test('after ten wrong PINs only an administrator helps', async () => {
    await account('E1001', 'exitOfficer');
    for (let n = 0; n < 10; n += 1) {
      await officers.signIn('E1001', OTHER_PIN, null);
      nowMs += 3_600_000;
    }
    nowMs += 1e12;
    expect(await officers.signIn('E1001', PIN, null)).toEqual({
      ok: false,
      error: { code: 'accountLocked', waitSeconds: null },
    });
    unwrap(await resetPin({ store, hasher, number: 'E1001', pin: '654987', at: new Date(nowMs).toISOString() }));
    expect(unwrap(await officers.signIn('E1001', '654987', OTHER_PIN)).officer).toBe('E1001');
  });
});

describe('a session', () => {
  test('locks itself when nobody touches it, and its officer’s PIN opens it', async () => {
    await account('E1001', 'exitOfficer');
    const { token } = await signIn('E1001');
    nowMs += officers.policy.idleLockMs - 1;
    officers.touch(token);
    nowMs += officers.policy.idleLockMs - 1;
    expect(officers.state(token)).toBe('signedIn');
    nowMs += 1;
    expect(officers.state(token)).toBe('locked');
    officers.touch(token);
    expect(await codeOf(officers.session(token))).toBe('sessionLocked');
    expect(await codeOf(officers.unlock(token, OTHER_PIN))).toBe('credentialsWrong');
    unwrap(await officers.unlock(token, PIN));
    expect(unwrap(await officers.session(token)).officer).toBe('E1001');
  });

  test('ends after a shift however busy it is', async () => {
    await account('E1001', 'exitOfficer');
    const { token } = await signIn('E1001');
    for (let spent = 0; spent < officers.policy.longestMs; spent += 60_000) {
      officers.touch(token);
      nowMs += 60_000;
    }
    expect(await codeOf(officers.session(token))).toBe('sessionEnded');
  });

  test('is over when the account is closed or gets another PIN', async () => {
    await account('E1001', 'exitOfficer');
    const first = await signIn('E1001');
    unwrap(await store.setClosed('E1001', true, ''));
    expect(await codeOf(officers.session(first.token))).toBe('sessionEnded');
    unwrap(await store.setClosed('E1001', false, ''));
    const second = await signIn('E1001');
    nowMs += 1000;
    unwrap(await resetPin({ store, hasher, number: 'E1001', pin: '654987', at: new Date(nowMs).toISOString() }));
    expect(await codeOf(officers.session(second.token))).toBe('sessionEnded');
  });

  test('is over when the account is bound to another authority', async () => {
    await account('E1001', 'exitOfficer');
    const { token } = await signIn('E1001');
    expect(notes).toMatchObject([{ event: 'officerSignedIn', facts: { officer: 'E1001', authority: 'CHN' } }]);
    unwrap(await store.setAuthority('E1001', 'MAC'));
    expect(await codeOf(officers.session(token))).toBe('sessionEnded');
    expect(await signIn('E1001')).toMatchObject({ authority: 'MAC' });
  });

  test('a stranger’s token is nobody’s', async () => {
    expect(await codeOf(officers.session('guessed'))).toBe('sessionEnded');
  });
});

describe('fresh authentication', () => {
  test('signing in is none; it is good for one action, for a while, and not across a lock', async () => {
    await account('E1001', 'exitOfficer');
    const { token } = await signIn('E1001');
    expect(officers.isFresh(token)).toBe(false);
    expect(await codeOf(officers.authenticate(token, OTHER_PIN))).toBe('credentialsWrong');
    unwrap(await officers.authenticate(token, PIN));
    expect(officers.isFresh(token)).toBe(true);
    officers.spend(token);
    expect(officers.isFresh(token)).toBe(false);
    unwrap(await officers.authenticate(token, PIN));
    nowMs += officers.policy.freshMs + 1;
    expect(officers.isFresh(token)).toBe(false);
    unwrap(await officers.authenticate(token, PIN));
    officers.lock(token);
    unwrap(await officers.unlock(token, PIN));
    expect(officers.isFresh(token)).toBe(false);
  });
});

describe('four eyes', () => {
  test('are another person of the same side, for one subject', async () => {
    await account('E1001', 'exitOfficer');
    await account('E1002', 'exitOfficer', OTHER_PIN);
    await account('N2001', 'entryOfficer', PIN, 'MAC');
    const { token } = await signIn('E1001');
    expect(await codeOf(officers.confirmSecond(token, 'E1001', PIN, 'r1'))).toBe('samePerson');
    expect(await codeOf(officers.confirmSecond(token, 'N2001', PIN, 'r1'))).toBe('otherSide');
    expect(await codeOf(officers.confirmSecond(token, 'E1002', PIN, 'r1'))).toBe('credentialsWrong');
    expect(officers.second(token, 'r1')).toBeNull();
    unwrap(await officers.confirmSecond(token, 'E1002', OTHER_PIN, 'r1'));
    expect(officers.second(token, 'r1')).toEqual({ officer: 'E1002', role: 'exitOfficer', authority: 'CHN' });
    expect(officers.second(token, 'r2')).toBeNull();
    officers.spend(token);
    expect(officers.second(token, 'r1')).toBeNull();
  });

  test('the same side is the same authority: the name of a role makes nobody a colleague', async () => {
    await account('E1001', 'exitOfficer');
    await account('E1002', 'exitOfficer', PIN, 'MAC');
    await account('N1003', 'entryOfficer');
    await account('P3001', 'portSupervisor');
    await account('T4001', 'technician');
    const second = async (first: string, officer: string) => {
      const { token } = await signIn(first);
      return (await codeOf(officers.confirmSecond(token, officer, PIN, 'r1'))) ?? officers.second(token, 'r1')?.officer;
    };
    // On a lane that leads the other way, the other authority's exit officer is the exit side's.
    expect(await second('E1001', 'E1002')).toBe('otherSide');
    expect(await second('E1001', 'N1003')).toBe('N1003');
    expect(await second('E1001', 'P3001')).toBe('otherSide');
    expect(await second('P3001', 'E1001')).toBe('otherSide');
    expect(await second('P3001', 'T4001')).toBe('T4001');
    // Accounts of before there were authorities stand by nothing, not even by each other.
    for (const number of ['X100', 'X200']) {
      const pinHash = (await hasher.hash(PIN)).value;
      const kept = { number, role: 'exitOfficer', authority: null, pinHash, pinIsFirst: false, closed: false } as const;
      unwrap(await store.add({ ...kept, addedAt: '', pinSetAt: '' }));
    }
    expect(await second('X100', 'X200')).toBe('otherSide');
    expect(await second('X100', 'E1001')).toBe('otherSide');
    expect(await second('E1001', 'X100')).toBe('otherSide');
  });

  test('a first PIN, which an administrator knows too, is not a second person', async () => {
    await account('E1001', 'exitOfficer');
    unwrap(
      await addOfficer({
        store,
        hasher,
        number: 'E1002',
        role: 'exitOfficer',
        authority: 'CHN',
        pin: '654987',
        at: new Date(nowMs).toISOString(),
      }),
    );
    const { token } = await signIn('E1001');
    expect(await codeOf(officers.confirmSecond(token, 'E1002', '654987', 'r1'))).toBe('pinToBeChanged');
  });
});

test('an officer of a control is one of somebody’s, and the port’s are of nobody’s', async () => {
  const place = { store, hasher, number: 'E1001', pin: '654987', at: new Date(nowMs).toISOString() };
  const add = (role: OfficerRole, authority: string | null) => codeOf(addOfficer({ ...place, role, authority }));
  expect(await add('exitOfficer', null)).toBe('authorityNeeded');
  expect(await add('entryOfficer', null)).toBe('authorityNeeded');
  expect(await add('auditor', 'CHN')).toBe('roleOfPort');
  expect(unwrap(await store.list())).toEqual([]);
});

test('what an administrator did reaches the journal once', async () => {
  await account('E1001', 'exitOfficer');
  const written: string[] = [];
  await officers.passOnPending(async () => false);
  await officers.passOnPending(async (event) => written.push(event) > 0);
  await officers.passOnPending(async (event) => written.push(event) > 0);
  expect(written).toEqual(['officerAccountAdded', 'officerPinChanged']);
});

test('neither the notes nor the file hold a PIN', async () => {
  await account('E1001', 'exitOfficer');
  await signIn('E1001');
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  for (const text of [...files, JSON.stringify(notes)]) expect(text).not.toContain(PIN);
});
