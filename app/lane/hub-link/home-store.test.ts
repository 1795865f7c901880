import { expect, test } from 'vitest';
import { err, ok, type Result } from '../../contract/result.ts';
import type { JointRecordStore, ReferralMaterialStore, StoreError } from '../../record/store.ts';
import type { Clock } from '../clock.ts';
import { addFigures } from './add-figures.ts';
import { HomeStore } from './home-store.ts';

// The rules of choosing a home, without a network; over a real hub that is killed in test/hub/outage.test.ts.

type Store = JointRecordStore & ReferralMaterialStore;
const AWAY: StoreError = { code: 'storeFailed', detail: 'hubAway: ECONNREFUSED' };
const NONE = { opened: 0, passed: 0, refused: 0, referred: 0, abandoned: 0, voided: 0, medianMs: null, p95Ms: null };
const NOBODY = { recordId: '0197a3c4-5d6e-7f80-9a1b-2c3d4e5f6011', code: 'unknownRecord' } as const;

function setting(policy: 'failClosed' | 'laneOnly') {
  const calls: string[] = [];
  let hubError: StoreError | null = null;
  let mergeError: string | null = null;
  const due: (() => void)[] = [];
  const waits: number[] = [];
  const fake = (name: 'hub' | 'local'): Store => {
    const answer = (call: string, value: unknown = {}): Promise<Result<never, StoreError>> => {
      calls.push(`${name} ${call}`);
      return Promise.resolve(
        (name === 'hub' && hubError !== null ? err(hubError) : ok(value)) as Result<never, StoreError>,
      );
    };
    return {
      beginLife: (laneId) => answer('beginLife', { laneId, life: 1 }),
      open: () => answer('open'),
      append: () => answer('append'),
      commit: () => answer('commit'),
      end: () => answer('end'),
      audit: () => answer('audit', 1),
      read: () => (name === 'local' ? Promise.resolve(err(NOBODY)) : answer('read')),
      live: () => answer('live', []),
      outbox: () => answer('outbox', [{ id: 7, attempts: 0, notice: {} }]),
      noticeDelivered: (id) => answer(`noticeDelivered ${id}`),
      noticeFailed: (id) => answer(`noticeFailed ${id}`),
      noticeRefused: (id) => answer(`noticeRefused ${id}`),
      figures: () => answer('figures', NONE),
      checkpoint: () => answer('checkpoint'),
      keepMaterial: () => answer('keepMaterial'),
      material: () => answer('material', null),
      close: async () => undefined,
    };
  };
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    after: (ms, action) => {
      waits.push(ms);
      due.push(action);
      return () => undefined;
    },
  };
  const home = new HomeStore({
    laneId: 'lane-1',
    hub: fake('hub'),
    local: fake('local'),
    policy,
    clock,
    probeMs: 1,
    merge: async () => {
      calls.push('merge');
      return mergeError === null ? ok() : err({ code: mergeError, detail: '' });
    },
    onMerge: (refusal) => calls.push(`merge refused ${refusal}`),
    onState: (state) => calls.push(`state ${state}`),
  });
  const opening = (recordId: string) => ({ recordId }) as Parameters<Store['open']>[0];
  return {
    home,
    calls,
    opening,
    waits,
    mergeIs: (code: string | null) => {
      mergeError = code;
    },
    hubIs: (error: StoreError | null) => {
      hubError = error;
    },
    probe: async () => {
      for (const action of due.splice(0)) action();
      await new Promise(setImmediate);
    },
  };
}

test('a refusal of the hub is no outage: only its absence is', async () => {
  const { home, hubIs, opening } = setting('failClosed');
  hubIs({ code: 'duplicateDocument', liveRecordId: NOBODY.recordId });
  expect((await home.open(opening('a'))).ok).toBe(false);
  expect(home.state).toBe('hub');
  hubIs(AWAY);
  expect((await home.open(opening('a'))).ok).toBe(false);
  expect(home.state).toBe('away');
});

test('a lane that is told of it looks for itself, once, and only while it thinks that a hub is there', async () => {
  const { home, hubIs, calls } = setting('failClosed');
  await home.look();
  expect([calls, home.state]).toEqual([['hub live'], 'hub']);
  hubIs(AWAY);
  await home.look();
  await home.look();
  expect(calls).toEqual(['hub live', 'hub live', 'state away']);
  await home.close();
  await home.look();
  expect(calls).toHaveLength(3);
});

test('while it is away nothing is asked of the hub but whether it is back, and nothing new is begun', async () => {
  const { home, hubIs, opening, calls, probe } = setting('failClosed');
  await home.open(opening('before'));
  hubIs(AWAY);
  await home.live('lane-1');
  calls.length = 0;
  expect(await home.open(opening('b'))).toMatchObject({ error: { detail: expect.stringContaining('hubAway') } });
  expect(await home.commit('before')).toMatchObject({ error: { detail: expect.stringContaining('hubAway') } });
  expect(calls).toEqual([]);
  await probe();
  expect(calls).toEqual(['hub live']);
  hubIs(null);
  await probe();
  expect(home.state).toBe('hub');
  expect((await home.commit('before')).ok).toBe(true);
});

test('with an officer’s consent new records have their home here, old ones still there, and neither moves', async () => {
  const { home, hubIs, opening, calls, probe } = setting('laneOnly');
  await home.open(opening('there'));
  hubIs(AWAY);
  await home.live('lane-1');
  expect((await home.allowLaneOnly('PS001')).ok).toBe(true);
  await home.open(opening('here'));
  expect((await home.commit('there')).ok).toBe(false);
  hubIs(null);
  await probe();
  calls.length = 0;
  await home.commit('here');
  await home.commit('there');
  expect(calls).toEqual(['local commit', 'hub commit']);
});

test('a merge that the hub refuses is said once, tried again ever more seldom, and no reason to stay away', async () => {
  const { home, hubIs, mergeIs, calls, waits, probe } = setting('failClosed');
  hubIs(AWAY);
  await home.live('lane-1');
  hubIs(null);
  mergeIs('journalForked');
  calls.length = 0;
  await probe();
  expect(calls).toEqual(['hub live', 'merge', 'state hub', 'merge refused journalForked']);
  waits.length = 0;
  for (let again = 0; again < 8; again += 1) await probe();
  expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  expect([home.state, home.unmerged]).toEqual(['hub', true]);
  mergeIs(null);
  calls.length = 0;
  await probe();
  expect(calls).toEqual(['merge', 'merge refused null']);
  expect(home.unmerged).toBe(false);
  calls.length = 0;
  await probe();
  expect(calls).toEqual([]);
});

test('notices of the lane’s own file and of the hub are told apart', async () => {
  const { home, calls } = setting('laneOnly');
  const notices = await home.outbox('exit', 10);
  expect(notices.ok && notices.value.map(({ id }) => id)).toEqual([-7, 7]);
  calls.length = 0;
  await home.noticeDelivered(-7);
  await home.noticeRefused(7, 'noticeChanged');
  expect(calls).toEqual(['local noticeDelivered 7', 'hub noticeRefused 7']);
});

test('figures of both add up', () => {
  expect(addFigures({ ...NONE, passed: 3, medianMs: 9 }, { ...NONE, passed: 1, medianMs: 5 })).toMatchObject({
    passed: 4,
    medianMs: 9,
  });
});
