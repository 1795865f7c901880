import type { DeviceError } from '../../native-bridge/ports/device-error.ts';
import type { Result } from '../contract/result.ts';
import type { Diary } from './diary.ts';

/**
 * Tells of a device the lane can do without that is there and does not obey: once, until it has obeyed again. That a device is
 * gone is told by its health.
 */
export class AccessoryTrouble {
  readonly #diary: Pick<Diary, 'note'>;
  readonly #troubled = new Set<string>();

  constructor(diary: Pick<Diary, 'note'>) {
    this.#diary = diary;
  }

  heard(device: string, result: Result<unknown, DeviceError>): void {
    if (result.ok) {
      this.#troubled.delete(device);
      return;
    }
    const { code } = result.error;
    if (code === 'deviceLost' || code === 'deviceClosed' || this.#troubled.has(device)) return;
    this.#troubled.add(device);
    void this.#diary.note('accessoryFailed', { detail: `${device} ${code}` });
  }
}

/** For a device that is told things and not waited for. */
export type HearResult = (result: Result<unknown, DeviceError>) => void;
