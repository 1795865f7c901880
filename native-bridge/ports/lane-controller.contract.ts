import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import type { LaneController, LaneControllerEvent } from './lane-controller.ts';

/** A lane whose doors somebody, or something, can go through: simulator on a pty, or a person in front of real hardware. */
export interface LaneUnderTest {
  readonly controller: LaneController;
  walkIn(door: number): Promise<void>;
  walkBack(door: number): Promise<void>;
  tailgate(door: number): Promise<void>;
  jam(door: number): void;
  unjam(door: number): void;
  pressEmergency(): void;
  releaseEmergency(): void;
  unplug(): void;
  replug(): void;
  lampOf(door: number): string;
  end(): Promise<void>;
}

/** What every {@link LaneController} must do. `make` gives a lane that is plugged in and not started. */
export function laneControllerContract(name: string, make: () => LaneUnderTest): void {
  describe(`LaneController contract: ${name}`, () => {
    let lane: LaneUnderTest;
    let events: LaneControllerEvent[];
    const types = (): string[] => events.map((event) => event.type);
    const until = (type: LaneControllerEvent['type'], count = 1): Promise<void> =>
      vi.waitFor(() => expect(types().filter((each) => each === type)).toHaveLength(count), {
        timeout: 5_000,
        interval: 1,
      });

    beforeEach(async () => {
      lane = make();
      events = [];
      lane.controller.subscribe((event) => events.push(event));
      lane.controller.start();
      await until('ready');
    });
    afterEach(() => lane.end());

    test('is ready with every door shut and red', () => {
      expect(lane.controller.ready).toBe(true);
      const ready = events.find((event) => event.type === 'ready');
      expect(ready?.state.doors.map((door) => door.open)).toEqual(
        Array.from({ length: lane.controller.doorCount }, () => false),
      );
      expect(lane.lampOf(1)).toBe('red');
    });

    test('opens a door for one person, tells the passage and that it is shut again', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      expect(types()).toContain('doorOpened');
      await lane.walkIn(1);
      await until('doorClosed');
      expect(events).toContainEqual({ type: 'passage', door: 1, direction: 'forward', persons: 1 });
      expect(unwrap(await lane.controller.readState()).doors[0]).toMatchObject({ open: false, passesForward: 0 });
    });

    test('counts the people who went forward through one door', async () => {
      expect(unwrap(await lane.controller.countForward(1))).toBe(0);
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      await lane.walkIn(1);
      expect(unwrap(await lane.controller.countForward(1))).toBe(1);
      expect(unwrap(await lane.controller.countForward(2))).toBe(0);
      expect(await lane.controller.countForward(7)).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
    });

    test('says of one door whether it is open, asked now', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      expect(unwrap(await lane.controller.readDoor(1))).toMatchObject({ door: 1, open: true, passesForward: 1 });
      expect(unwrap(await lane.controller.readDoor(2))).toMatchObject({ door: 2, open: false, countForward: 0 });
      unwrap(await lane.controller.closeDoor(1));
      expect(unwrap(await lane.controller.readDoor(1)).open).toBe(false);
      expect(await lane.controller.readDoor(7)).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
    });

    test('lets somebody back out, and nobody in, through a door opened backward', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      await lane.walkIn(1);
      await until('doorClosed');
      unwrap(await lane.controller.openDoor(1, 'backward', 1));
      await expect(lane.walkIn(1)).rejects.toThrow(/shut/);
      await lane.walkBack(1);
      await until('doorClosed', 2);
      expect(events).toContainEqual({ type: 'passage', door: 1, direction: 'backward', persons: 1 });
    });

    test('tells two people on one opening', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      await lane.tailgate(1);
      await until('passage');
      expect(events).toContainEqual({ type: 'passage', door: 1, direction: 'forward', persons: 2 });
    });

    test('a grant replaces the one before and never adds up', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      await lane.walkIn(1);
      await expect(lane.walkIn(1)).rejects.toThrow(/shut/);
    });

    test('closes one door and all doors', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 2));
      unwrap(await lane.controller.closeDoor(1));
      expect(types()).toContain('doorClosed');
      await expect(lane.walkIn(1)).rejects.toThrow(/shut/);
      unwrap(await lane.controller.openDoor(2, 'backward', 1));
      unwrap(await lane.controller.closeAllDoors());
      expect(unwrap(await lane.controller.readState()).doors.some((door) => door.open)).toBe(false);
    });

    test('shows each lamp', async () => {
      for (const lamp of ['green', 'amber', 'off', 'red'] as const) {
        unwrap(await lane.controller.setLamp(2, lamp));
        expect(lane.lampOf(2)).toBe(lamp);
      }
    });

    test('tells a jam and its end', async () => {
      lane.jam(2);
      await until('fault');
      lane.unjam(2);
      await until('fault', 2);
      expect(events.filter((event) => event.type === 'fault').map((event) => event.errorBits !== 0)).toEqual([
        true,
        false,
      ]);
    });

    test('tells the emergency and its end, and does not shut a door against it', async () => {
      lane.pressEmergency();
      await until('emergency');
      unwrap(await lane.controller.closeAllDoors());
      expect(unwrap(await lane.controller.readState())).toMatchObject({ emergency: true });
      await lane.walkIn(1);
      lane.releaseEmergency();
      await until('emergency', 2);
      expect(events.filter((event) => event.type === 'emergency').map((event) => event.active)).toEqual([true, false]);
    });

    test('refuses doors and numbers that do not exist', async () => {
      const { controller } = lane;
      for (const refused of [
        controller.openDoor(0, 'forward', 1),
        controller.openDoor(1, 'forward', 0),
        controller.openDoor(1, 'forward', 99),
      ]) {
        expect(await refused).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
      }
      expect(await controller.closeDoor(9)).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
      expect(await controller.setLamp(1.5, 'red')).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
    });

    test('answers at once while unplugged, and is back with shut doors after replugging', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      lane.unplug();
      await until('lost');
      expect(lane.controller.ready).toBe(false);
      expect(await lane.controller.openDoor(1, 'forward', 1)).toMatchObject({
        ok: false,
        error: { code: 'deviceLost' },
      });
      expect(await lane.controller.closeDoor(1)).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
      lane.replug();
      await until('ready', 2);
      expect(unwrap(await lane.controller.readState()).doors[0]?.open).toBe(false);
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
    });

    test('tells a passage that the unit counted while the line was cut', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      lane.unplug();
      await until('lost');
      await lane.walkIn(1);
      lane.replug();
      await until('passage');
      expect(types().indexOf('passage')).toBeGreaterThan(types().lastIndexOf('ready'));
    });

    test('close shuts the doors, says nothing more and answers deviceClosed', async () => {
      unwrap(await lane.controller.openDoor(1, 'forward', 1));
      await lane.controller.close();
      const heard = events.length;
      await expect(lane.walkIn(1)).rejects.toThrow(/shut/);
      expect(await lane.controller.openDoor(1, 'forward', 1)).toMatchObject({
        ok: false,
        error: { code: 'deviceClosed' },
      });
      expect(events).toHaveLength(heard);
    });
  });
}
