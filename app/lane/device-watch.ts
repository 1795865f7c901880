import type { HealthChange } from '../../native-bridge/devices/device-health.ts';
import type { FittedDevices } from '../../native-bridge/devices/fitted-devices.ts';
import type { Diary } from './diary.ts';
import type { Service, ServiceReason } from './service.ts';

/** What keeps the lane out of service when a fitted device is not there, or comes and goes. */
const REASONS: Readonly<Record<string, ServiceReason>> = {
  documentScanner: 'scannerLost',
  laneController: 'laneControllerLost',
  chipReader: 'chipReaderLost',
  faceCamera: 'faceCameraLost',
};

/**
 * Turns the health of each fitted device into the lane's service and diary. A device that flaps is out until it was steady. What the
 * lane can do without is told of and keeps nobody out.
 */
export class DeviceWatch {
  readonly #devices: Pick<FittedDevices, 'health' | 'isRequired'>;
  readonly #service: Service;
  readonly #diary: Diary;
  readonly #onChange: () => void;

  constructor(
    devices: Pick<FittedDevices, 'health' | 'isRequired'>,
    service: Service,
    diary: Diary,
    onChange: () => void,
  ) {
    this.#devices = devices;
    this.#service = service;
    this.#diary = diary;
    this.#onChange = onChange;
    for (const device of devices.health) {
      // Away until they say otherwise.
      this.#serve(device.device, device.inService);
      device.subscribe((change) => this.#heard(change));
    }
  }

  /** All that the lane needs is there. */
  get complete(): boolean {
    return this.#devices.health.every(({ device, inService }) => inService || !this.#devices.isRequired(device));
  }

  #heard({ device, state, reason }: HealthChange): void {
    if (state === 'closed') return;
    this.#serve(device, state === 'ready');
    if (state === 'ready') void this.#diary.note('deviceReady', { detail: device });
    else if (state === 'lost' || state === 'flapping')
      void this.#diary.note(this.#devices.isRequired(device) ? 'deviceLost' : 'accessoryLost', {
        detail: `${device} ${reason ?? state}`,
      });
    this.#onChange();
  }

  #serve(device: string, inService: boolean): void {
    const reason = REASONS[device];
    if (reason !== undefined && this.#devices.isRequired(device)) this.#service.set(reason, !inService);
  }
}
