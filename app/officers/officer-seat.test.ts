import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok, unwrap } from '../contract/result.ts';
import { addOfficer } from './administration.ts';
import { OfficerSeat } from './officer-seat.ts';
import { Officers } from './officers.ts';
import { SESSION_POLICY } from './sessions.ts';
import { openSqliteAccountStore } from './store/sqlite-account-store.ts';

const fake = (pin: string): string => `$argon2id$fake$${Buffer.from(pin).toString('hex')}`;
const hasher = {
  hash: async (pin: string) => ok(fake(pin)),
  verify: async (pin: string, hash: string) => ok(hash === fake(pin)),
};

test('a timer that fires a moment early still locks the screen: what was shown is looked at again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-seat-'));
  const store = unwrap(openSqliteAccountStore(join(folder, 'officers.sqlite')));
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const officers = new Officers({ store, hasher, clock, note: () => undefined });
  const officer = { number: 'E1001', role: 'exitOfficer', authority: 'CHN', pin: '654987' } as const;
  unwrap(await addOfficer({ store, hasher, ...officer, at: '2026-05-08T02:15:00Z' }));

  const shown: string[] = [];
  let timer: { readonly ms: number; readonly fire: () => void } | null = null;
  /** What passes between the screen's being told and the next look at the session. */
  let whileToldMs = 0;
  const seat = new OfficerSeat({
    officers,
    after: (ms, fire) => {
      timer = { ms, fire };
      return () => {
        timer = null;
      };
    },
    lookAs: null,
    onSignedIn: () => undefined,
    onChanged: async () => {
      shown.push((await seat.session()).state);
      nowMs += whileToldMs;
      seat.watch();
    },
  });
  const fired = async (): Promise<number> => {
    const due = timer;
    if (due === null) throw new Error('nothing is waited for');
    timer = null;
    due.fire();
    await new Promise(setImmediate);
    return due.ms;
  };

  await seat.handle({ type: 'signIn', officer: 'E1001', pin: '654987', newPin: '481516' });
  expect(shown).toEqual(['signedIn']);
  nowMs = SESSION_POLICY.idleLockMs - 0.4;
  whileToldMs = 0.5;
  await fired();
  expect(shown).toEqual(['signedIn', 'signedIn']);
  expect(await fired()).toBe(1);
  expect(shown).toEqual(['signedIn', 'signedIn', 'locked']);
  // Then nothing until the shift is over.
  expect(timer).toMatchObject({ ms: expect.any(Number) });
  expect((timer as unknown as { ms: number }).ms).toBeGreaterThan(SESSION_POLICY.idleLockMs);
  seat.close();
  await officers.close();
  rmSync(folder, { recursive: true, force: true });
});
