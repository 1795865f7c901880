import type { DeviceHealth, HealthChange } from '../../native-bridge/devices/device-health.ts';
import type { Diary } from './diary.ts';
import type { Service, ServiceReason } from './service.ts';

/** What keeps the lane out of service when a fitted device is not there, or comes and goes. */
const REASONS: Readonly<Record<string, ServiceReason>> = {
  documentScanner: 'scannerLost',
  laneController: 'laneControllerLost',
  chipReader: 'chipReaderLost',
};

/** Turns the health of each fitted device into the lane's service and diary. A device that flaps is out until it was steady. */
export class DeviceWatch {
  readonly #health: readonly DeviceHealth[];
  readonly #service: Service;
  readonly #diary: Diary;
  readonly #onChange: () => void;

  constructor(health: readonly DeviceHealth[], service: Service, diary: Diary, onChange: () => void) {
    this.#health = health;
    this.#service = service;
    this.#diary = diary;
    this.#onChange = onChange;
    for (const device of health) {
      // Away until they say otherwise.
      this.#serve(device.device, device.inService);
      device.subscribe((change) => this.#heard(change));
    }
  }

  get complete(): boolean {
    return this.#health.every(({ inService }) => inService);
  }

  #heard({ device, state, reason }: HealthChange): void {
    if (state === 'closed') return;
    this.#serve(device, state === 'ready');
    if (state === 'ready') void this.#diary.note('deviceReady', { detail: device });
    else if (state === 'lost' || state === 'flapping')
      void this.#diary.note('deviceLost', { detail: `${device} ${reason ?? state}` });
    this.#onChange();
  }

  #serve(device: string, inService: boolean): void {
    const reason = REASONS[device];
    if (reason !== undefined) this.#service.set(reason, !inService);
  }
}
