import type { FittedDevices } from '../../native-bridge/devices/fitted-devices.ts';
import type { DoorState } from '../../native-bridge/ports/lane-controller.ts';
import type { TravellerView } from '../contract/traveller-view.ts';
import { AccessoryTrouble } from './accessory-trouble.ts';
import type { Clock } from './clock.ts';
import type { Diary } from './diary.ts';
import { LampFollower } from './lamp-follower.ts';
import { laneLamp } from './lane-lamp.ts';

/** What stands around a lane and only follows it: no crossing waits for any of it, and none ends because of it. */
export class Accessories {
  readonly #lamp: LampFollower | null;

  constructor({ indicator }: Pick<FittedDevices, 'indicator'>, clock: Clock, diary: Pick<Diary, 'note'>) {
    const trouble = new AccessoryTrouble(diary);
    this.#lamp =
      indicator === null ? null : new LampFollower(indicator, clock, (result) => trouble.heard('indicator', result));
  }

  /** What the traveller is shown, and the doors at that moment. */
  shown({ step, warnSecondsLeft }: TravellerView, doors: readonly DoorState[]): void {
    this.#lamp?.follow(laneLamp({ step, doorOpen: doors.some(({ open }) => open), warned: warnSecondsLeft !== null }));
  }

  close(): void {
    this.#lamp?.close();
  }
}
