import type { Result } from '../../app/contract/result.ts';
import type { DeviceError } from '../ports/device-error.ts';
import type { Unsubscribe } from '../ports/event-source.ts';
import type {
  DoorMode,
  DoorState,
  Lamp,
  LaneController,
  LaneControllerEvent,
  LaneState,
  PassageDirection,
} from '../ports/lane-controller.ts';
import type { Timing } from '../ports/timing.ts';
import type { LatencyHistogram } from './latency-histogram.ts';

/** A lane controller whose verbs are timed; otherwise the one inside. */
export class MeasuredLaneController implements LaneController {
  readonly #inner: LaneController;
  readonly #latency: LatencyHistogram;
  readonly #timing: Timing;

  constructor(inner: LaneController, latency: LatencyHistogram, timing: Timing) {
    this.#inner = inner;
    this.#latency = latency;
    this.#timing = timing;
  }

  get doorCount(): number {
    return this.#inner.doorCount;
  }

  get ready(): boolean {
    return this.#inner.ready;
  }

  subscribe(listener: (event: LaneControllerEvent) => void): Unsubscribe {
    return this.#inner.subscribe(listener);
  }

  start(): void {
    this.#inner.start();
  }

  openDoor(door: number, direction: PassageDirection, passes: number): Promise<Result<void, DeviceError>> {
    return this.#timed(this.#inner.openDoor(door, direction, passes));
  }

  closeDoor(door: number): Promise<Result<void, DeviceError>> {
    return this.#timed(this.#inner.closeDoor(door));
  }

  closeAllDoors(): Promise<Result<void, DeviceError>> {
    return this.#timed(this.#inner.closeAllDoors());
  }

  setLamp(door: number, lamp: Lamp): Promise<Result<void, DeviceError>> {
    return this.#timed(this.#inner.setLamp(door, lamp));
  }

  setMode(mode: DoorMode): Promise<Result<void, DeviceError>> {
    return this.#timed(this.#inner.setMode(mode));
  }

  countForward(door: number): Promise<Result<number, DeviceError>> {
    return this.#timed(this.#inner.countForward(door));
  }

  readDoor(door: number, maxAgeMs?: number): Promise<Result<DoorState, DeviceError>> {
    return this.#timed(this.#inner.readDoor(door, maxAgeMs));
  }

  readState(): Promise<Result<LaneState, DeviceError>> {
    return this.#timed(this.#inner.readState());
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #timed<T>(work: Promise<T>): Promise<T> {
    const startedAt = this.#timing.now();
    const result = await work;
    this.#latency.add(this.#timing.now() - startedAt);
    return result;
  }
}
