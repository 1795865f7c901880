import type { FrameAssessment } from '../../models/face/worker-messages.ts';
import type { DeviceProfile } from '../../native-bridge/devices/device-profile.ts';
import type { FittedDevices } from '../../native-bridge/devices/fitted-devices.ts';
import type { DoorState } from '../../native-bridge/ports/lane-controller.ts';
import type { TravellerView } from '../contract/traveller-view.ts';
import { AccessoryHands, type StandRanges } from './accessory-hands.ts';
import { AccessoryTrouble, type HearResult } from './accessory-trouble.ts';
import { CameraStand } from './camera-stand.ts';
import type { Clock } from './clock.ts';
import type { Diary } from './diary.ts';
import { LampFollower } from './lamp-follower.ts';
import { laneLamp } from './lane-lamp.ts';

/** What stands around a lane and only follows it: no crossing waits for any of it, and none ends because of it. */
export class Accessories {
  readonly #trouble: AccessoryTrouble;
  readonly #lamp: LampFollower | null;
  readonly #stand: CameraStand;
  /** What light and mount may do; the settings are written into it. */
  readonly ranges: StandRanges;
  /** For a technician, while the lane is in their hands. */
  readonly hands: AccessoryHands;

  constructor(
    devices: Pick<FittedDevices, 'indicator' | 'cameraLight' | 'cameraTilt'>,
    profile: Pick<DeviceProfile, 'cameraLight' | 'cameraTilt'>,
    clock: Clock,
    diary: Pick<Diary, 'note'>,
  ) {
    const { indicator, cameraLight, cameraTilt } = devices;
    this.#trouble = new AccessoryTrouble(diary);
    const hear =
      (device: string): HearResult =>
      (result) =>
        this.#trouble.heard(device, result);
    this.#lamp = indicator === null ? null : new LampFollower(indicator, clock, hear('indicator'));
    // Copies: the profile stays what it was read as.
    const light = profile.cameraLight == null ? null : { ...profile.cameraLight };
    const tilt = profile.cameraTilt == null ? null : { ...profile.cameraTilt };
    this.ranges = { light, tilt };
    this.hands = new AccessoryHands(devices, this.ranges, () => this.#followAnew());
    this.#stand = new CameraStand({
      clock,
      light:
        cameraLight === null || light === null
          ? null
          : { device: cameraLight, range: light, hear: hear('cameraLight') },
      tilt: cameraTilt === null || tilt === null ? null : { device: cameraTilt, range: tilt, hear: hear('cameraTilt') },
    });
  }

  /** What the traveller is shown, and the doors at that moment. */
  shown({ step, warnSecondsLeft }: TravellerView, doors: readonly DoorState[]): void {
    this.#lamp?.follow(laneLamp({ step, doorOpen: doors.some(({ open }) => open), warned: warnSecondsLeft !== null }));
  }

  /** A capture begins or is over. */
  capturing(on: boolean): void {
    if (on) this.#stand.begin();
    else this.#stand.end();
  }

  /** One frame of it, `frameHeight` pixels high. */
  saw(assessment: FrameAssessment, frameHeight: number): void {
    this.#stand.saw(assessment, frameHeight);
  }

  /** How an order to another device came out that the lane can do without. */
  heard(device: string, result: Parameters<HearResult>[0]): void {
    this.#trouble.heard(device, result);
  }

  lowPosition(low: boolean): void {
    this.#stand.lowPosition(low);
  }

  /** The ranges are others now. */
  adjusted(): void {
    this.#stand.rest();
  }

  close(): void {
    this.#lamp?.close();
    this.#stand.close();
  }

  #followAnew(): void {
    this.#lamp?.again();
    this.#stand.rest();
  }
}
