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
