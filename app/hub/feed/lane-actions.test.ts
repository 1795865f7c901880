import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { openSecretBox } from '../../crypto/secret-box.ts';
import { LaneActions } from './lane-actions.ts';
import type { HubNotices } from './notices.ts';

/** A hub whose database has nothing for anybody, and a time that the test lets go by. */
function quietHub() {
  const asked: string[] = [];
  let due: (() => void) | null = null;
  let delayMs = 0;
  const pool = {
    query: async (query: string | { text: string }) => {
      asked.push(typeof query === 'string' ? query : query.text);
      return { rows: typeof query === 'string' && query.startsWith('WITH') ? [{ id: '7' }] : [] };
    },
  } as unknown as Pool;
  const told: ((subject: string) => void)[] = [];
  const notices = {
    on: (_topic: string, listener: (subject: string) => void) => {
      told.push(listener);
      return () => told.splice(told.indexOf(listener), 1);
    },
  } as unknown as HubNotices;
  const actions = new LaneActions(pool, notices, openSecretBox(new Uint8Array(32)), {
    after: (ms, action) => {
      delayMs = ms;
      due = action;
      return () => {
        due = null;
      };
    },
  });
  return { actions, asked, told, timeIsUp: () => due?.(), waits: () => (due === null ? null : delayMs) };
}

test('a lane that has nothing to do is told so when its time is up, and looks again when it is told', async () => {
  const { actions, asked, told, timeIsUp, waits } = quietHub();
  const list = actions.list('lane-1', 3, 25_000);
  await expect.poll(() => asked.length).toBe(1);
  expect(waits()).toBe(25_000);
  told[0]?.('lane-2');
  told[0]?.('lane-1');
  await expect.poll(() => asked.length).toBe(2);
  timeIsUp();
  expect(await list).toEqual({ actions: [], next: 3 });
  // Nothing is left behind that would wait or listen.
  expect([waits(), told.length]).toEqual([null, 0]);
});

test('an officer whose lane does not reply is told that it was too slow', async () => {
  const { actions, asked, timeIsUp, waits } = quietHub();
  const action = { by: { officer: 'E1001' }, action: { type: 'stop' } } as unknown as Parameters<LaneActions['ask']>[1];
  const reply = actions.ask('lane-1', action);
  await expect.poll(() => asked.length).toBe(2);
  expect(waits()).toBe(8_000);
  timeIsUp();
  expect(await reply).toMatchObject({ ok: false, error: { code: 'tooSlow' } });
});
