import type { FittedDevices } from '../../native-bridge/devices/fitted-devices.ts';
import type { DeviceError } from '../../native-bridge/ports/device-error.ts';
import type { Lamp } from '../../native-bridge/ports/lane-controller.ts';
import type { AccessoriesView } from '../contract/diagnostics-view.ts';
import { err, type Result } from '../contract/result.ts';
import type { LightRange } from './light-rule.ts';
import type { TiltRange } from './tilt-rule.ts';

/** What light and mount may do; a technician's settings are written into it while nobody is in the lane. */
export interface StandRanges {
  readonly light: LightRange | null;
  readonly tilt: TiltRange | null;
}

type Done = Promise<Result<void, DeviceError>>;
type Devices = Pick<FittedDevices, 'indicator' | 'cameraLight' | 'cameraTilt'>;

/** Without the device there is nothing that could do it. */
const notFitted = (what: string): Done => Promise.resolve(err({ code: 'requestInvalid', what }));

/** Lamp, light and mount in a technician's hands, until they are given back and follow the lane again. */
export class AccessoryHands {
  readonly #devices: Devices;
  readonly #ranges: StandRanges;
  readonly #onGivenBack: () => void;
  #lamp: Lamp = 'red';
  #percent = 0;
  #degrees: number | null = null;
  /** Given back while an order is under way: what comes of it is the lane's. */
  #held = false;

  constructor(devices: Devices, ranges: StandRanges, onGivenBack: () => void) {
    this.#devices = devices;
    this.#ranges = ranges;
    this.#onGivenBack = onGivenBack;
  }

  /** By what they were told and have said they did; in the lane's own hands, what it keeps them at when nobody is there. */
  get view(): AccessoriesView {
    const { light, tilt } = this.#ranges;
    return {
      lamp: this.#devices.indicator === null ? null : this.#lamp,
      light: light === null ? null : { percent: this.#percent, mostPercent: light.mostPercent },
      tilt:
        tilt === null
          ? null
          : {
              degrees: this.#degrees ?? tilt.homeDegrees,
              lowestDegrees: tilt.lowestDegrees,
              highestDegrees: tilt.highestDegrees,
              homeDegrees: tilt.homeDegrees,
              lowDegrees: tilt.lowDegrees,
            },
    };
  }

  async showLamp(lamp: Lamp): Done {
    const { indicator } = this.#devices;
    if (indicator === null) return notFitted('indicator');
    this.#held = true;
    const shown = await indicator.show(lamp);
    if (shown.ok && this.#held) this.#lamp = lamp;
    return shown;
  }

  /** Never brighter than is allowed into somebody's eyes, a technician's as well. */
  async setLight(percent: number): Done {
    const { cameraLight } = this.#devices;
    const { light } = this.#ranges;
    if (cameraLight === null || light === null) return notFitted('cameraLight');
    if (percent > light.mostPercent) return err({ code: 'requestInvalid', what: 'percent' });
    this.#held = true;
    const set = await cameraLight.setLight(percent);
    if (set.ok && this.#held) this.#percent = percent;
    return set;
  }

  async setTilt(degrees: number): Done {
    const { cameraTilt } = this.#devices;
    if (cameraTilt === null || this.#ranges.tilt === null) return notFitted('cameraTilt');
    this.#held = true;
    const set = await cameraTilt.setTilt(degrees);
    if (set.ok && this.#held) this.#degrees = degrees;
    return set;
  }

  /** Dark, at home, and the lamp as the lane wants it. */
  giveBack(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#lamp = 'red';
    this.#percent = 0;
    this.#degrees = null;
    this.#onGivenBack();
  }
}
