import { expect, test } from 'vitest';
import type { DoorState } from '../../native-bridge/ports/lane-controller.ts';
import { ok, type Result } from '../contract/result.ts';
import { CrossingDoors } from './crossing-doors.ts';
import type { CrossingScope } from './crossing-scope.ts';

/** Door units whose answers wait until the test lets them go. */
function slowLane() {
  const orders: string[] = [];
  const waiting: (() => void)[] = [];
  const shutDoor = { open: false, errorBits: 0, mode: 'normal' } as DoorState;
  const doors = {
    doorCount: 3,
    readDoor: () =>
      new Promise<Result<DoorState, never>>((resolve) => {
        waiting.push(() => resolve(ok(shutDoor)));
      }),
    openDoor: (door: number) => {
      orders.push(`open ${door}`);
      return Promise.resolve(ok());
    },
    closeDoor: (door: number) => {
      orders.push(`shut ${door}`);
      return Promise.resolve(ok());
    },
    setLamp: () => Promise.resolve(ok()),
  };
  const scope = {
    recordId: '00000000-0000-4000-8000-000000000000',
    tell: () => undefined,
    mark: () => undefined,
    services: { doors, diary: { note: () => Promise.resolve() }, clock: { after: () => () => undefined } },
  };
  const answerAll = async (): Promise<void> => {
    for (let turn = 0; turn < 6; turn += 1) {
      waiting.shift()?.();
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  // Only what opening and shutting ask of the scope.
  return { crossing: new CrossingDoors(scope as unknown as CrossingScope), orders, answerAll };
}

test('a door is opened once the others have answered that they are shut', async () => {
  const { crossing, orders, answerAll } = slowLane();
  const opening = crossing.open(2, 'forward');
  await answerAll();
  await opening;
  expect(orders).toEqual(['open 2']);
});

// Found by the soak: a referral shut door 2 while its release still asked the others, and the release came after it.
test('a release that was overtaken by the order to shut opens nothing', async () => {
  const { crossing, orders, answerAll } = slowLane();
  const opening = crossing.open(2, 'forward');
  await crossing.shut(2);
  await answerAll();
  await opening;
  expect(orders).toEqual(['shut 2']);
});

/** Doors that answer at once; the clock is the test's. */
function promptLane() {
  const asked: string[] = [];
  const clock = { nowMs: 0 };
  const open = new Set<number>();
  const doors = {
    doorCount: 3,
    readDoor: (door: number, maxAgeMs = 0) => {
      asked.push(`read ${door} ${maxAgeMs}`);
      return Promise.resolve(ok({ door, open: open.has(door), errorBits: 0, mode: 'normal' } as DoorState));
    },
    countForward: (door: number) => {
      asked.push(`count ${door}`);
      return Promise.resolve(ok(7));
    },
    openDoor: (door: number) => {
      asked.push(`open ${door}`);
      return Promise.resolve(ok());
    },
    closeDoor: () => Promise.resolve(ok()),
    setLamp: () => Promise.resolve(ok()),
  };
  const store = {
    append: (_id: string, fact: { readonly passagesBefore: number }) => {
      asked.push(`journal ${fact.passagesBefore}`);
      const body = { expiresAt: new Date(60_000).toISOString() };
      return Promise.resolve(ok({ state: 'committed', answers: { exit: { body }, entry: { body } } }));
    },
  };
  const scope = {
    recordId: '00000000-0000-4000-8000-000000000000',
    tell: (fact: { readonly type: string }) => asked.push(fact.type),
    mark: () => undefined,
    snapshot: () => ({ matches: () => true }),
    services: {
      doors,
      store,
      grantLifeMs: 1_000,
      diary: { note: () => Promise.resolve(), recorded: () => undefined },
      clock: { after: () => () => undefined, nowMs: () => clock.nowMs, monotonicMs: () => clock.nowMs },
    },
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { crossing: new CrossingDoors(scope as unknown as CrossingScope), asked, clock, open, settled };
}

test('what was asked ahead is asked once more for its age at the release, and the counter is taken while it is young', async () => {
  const { crossing, asked, settled } = promptLane();
  crossing.lookAhead(3, true);
  await settled();
  expect(asked).toEqual(['read 1 60', 'read 2 60', 'count 3']);
  asked.length = 0;
  await crossing.releaseLast(3);
  expect(asked).toEqual(['read 1 100', 'read 2 100', 'journal 7', 'open 3']);
});

test('a counter that was asked for long ago is asked for again', async () => {
  const { crossing, asked, clock, settled } = promptLane();
  crossing.lookAhead(3, true);
  await settled();
  asked.length = 0;
  clock.nowMs = 100;
  await crossing.releaseLast(3);
  expect(asked).toContain('count 3');
});

test('a door that opened since it was looked at ahead keeps the last one shut', async () => {
  const { crossing, asked, open, settled } = promptLane();
  crossing.lookAhead(3, true);
  await settled();
  asked.length = 0;
  open.add(1);
  await crossing.releaseLast(3);
  expect(asked).toEqual(['read 1 100', 'read 2 100', 'doorFault']);
});
