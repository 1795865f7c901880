import { err, ok, type Result } from '../../app/contract/result.ts';
import type { DeviceError } from '../ports/device-error.ts';
import type { DoorMode, Lamp, PassageDirection } from '../ports/lane-controller.ts';
import type { TurnstileMap } from '../protocol/turnstile-map.ts';
import type { RawReading } from './door-registers.ts';
import type { ModbusBus } from './modbus-bus.ts';

/** Everything but a grant is harmless to ask twice. */
const ATTEMPTS = 2;

export interface DoorTimes {
  /** Seconds until an unused grant expires in the unit itself. */
  readonly passTimeS: number;
  /** Seconds a passage that has begun may take. */
  readonly passageTimeS: number;
}

/** The commands of one door unit on the bus, in the words of its register map. Holds no state. */
export class DoorUnit {
  readonly #bus: ModbusBus;
  readonly #map: TurnstileMap;
  readonly #unit: number;

  constructor(bus: ModbusBus, map: TurnstileMap, unit: number) {
    this.#bus = bus;
    this.#map = map;
    this.#unit = unit;
  }

  /** `knownMode`: taken as it is instead of being asked for, since it lies apart and costs a request of its own. */
  async read(knownMode: number | null = null): Promise<Result<RawReading, DeviceError>> {
    const { status, mode } = this.#map;
    const statusWords = await this.#readWords(status.address, status.count);
    if (!statusWords.ok) return statusWords;
    if (knownMode !== null) return ok({ status: statusWords.value, mode: knownMode });
    const modeWords = await this.#readWords(mode.address, 1);
    return modeWords.ok ? ok({ status: statusWords.value, mode: modeWords.value[0] ?? 0 }) : modeWords;
  }

  /** The forward counter alone: one short request instead of the whole state. */
  async countForward(): Promise<Result<number, DeviceError>> {
    const { status, offsets } = this.#map;
    const first = Math.min(offsets.countForwardLow, offsets.countForwardHigh);
    const words = await this.#readWords(
      status.address + first,
      Math.abs(offsets.countForwardHigh - offsets.countForwardLow) + 1,
    );
    if (!words.ok) return words;
    const [low, high] = [
      words.value[offsets.countForwardLow - first] ?? 0,
      words.value[offsets.countForwardHigh - first] ?? 0,
    ];
    return ok(high * 0x1_0000 + low);
  }

  /** Shuts in both directions; tries the second also when the first fails. */
  async shut(): Promise<Result<void, DeviceError>> {
    const { grantForward, grantBackward } = this.#map;
    // Side by side in the map: one frame, and no moment with one direction shut and the other open.
    if (grantBackward === grantForward + 1) {
      const request = { kind: 'write', address: grantForward, values: [0, 0] } as const;
      const both = await this.#bus.request(this.#unit, request, ATTEMPTS);
      return both.ok ? ok() : both;
    }
    const forward = await this.#write(this.#map.grantForward, 0, ATTEMPTS);
    const backward = await this.#write(this.#map.grantBackward, 0, ATTEMPTS);
    return forward.ok ? backward : forward;
  }

  /** One attempt: a grant that is sent twice could let two people through. */
  grant(direction: PassageDirection, passes: number): Promise<Result<void, DeviceError>> {
    return this.#write(direction === 'forward' ? this.#map.grantForward : this.#map.grantBackward, passes, 1);
  }

  /** The unit's own deadlines. Written only where they differ, since they live in a memory that wears. */
  async setTimes(times: DoorTimes): Promise<Result<void, DeviceError>> {
    const { settings } = this.#map;
    const wanted: readonly (readonly [number, number])[] = [
      [settings.accumulate, 0],
      [settings.passTimeS, times.passTimeS],
      [settings.passageTimeS, times.passageTimeS],
    ];
    for (const [address, value] of wanted) {
      const present = await this.#readWords(address, 1);
      if (!present.ok) return present;
      if (present.value[0] === value) continue;
      const written = await this.#write(address, value, ATTEMPTS);
      if (!written.ok) return written;
    }
    return ok();
  }

  setMode(mode: DoorMode): Promise<Result<void, DeviceError>> {
    return this.#write(this.#map.mode.address, this.#map.mode[mode], ATTEMPTS);
  }

  async setLamp(lamp: Lamp): Promise<Result<void, DeviceError>> {
    const { lamps } = this.#map;
    // What is switched off comes first: for a moment no lamp is better than a wrong one.
    const green = lamp === 'green' || lamp === 'amber';
    const red = lamp === 'red' || lamp === 'amber';
    const steps: readonly (readonly [number, boolean])[] = [
      [lamps.green, green],
      [lamps.red, red],
    ];
    for (const [address, lit] of steps.toSorted((a, b) => Number(a[1]) - Number(b[1]))) {
      const written = await this.#bus.request(
        this.#unit,
        { kind: 'write', address, values: lit ? lamps.on : lamps.off },
        ATTEMPTS,
      );
      if (!written.ok) return written;
    }
    return ok();
  }

  async #readWords(address: number, count: number): Promise<Result<readonly number[], DeviceError>> {
    const answer = await this.#bus.request(this.#unit, { kind: 'read', address, count }, ATTEMPTS);
    if (!answer.ok) return answer;
    return answer.value.kind === 'read' ? ok(answer.value.values) : err({ code: 'deviceGarbled' });
  }

  async #write(address: number, value: number, attempts: number): Promise<Result<void, DeviceError>> {
    const answer = await this.#bus.request(this.#unit, { kind: 'write', address, values: [value] }, attempts);
    return answer.ok ? ok() : answer;
  }
}
