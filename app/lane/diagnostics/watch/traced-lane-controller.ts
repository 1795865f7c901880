import type { DeviceError } from '../../../../native-bridge/ports/device-error.ts';
import type { Unsubscribe } from '../../../../native-bridge/ports/event-source.ts';
import type {
  DoorMode,
  DoorState,
  Lamp,
  LaneController,
  LaneControllerEvent,
  LaneState,
  PassageDirection,
} from '../../../../native-bridge/ports/lane-controller.ts';
import type { Result } from '../../../contract/result.ts';
import type { Trace, TraceFacts } from './trace.ts';

/** A lane controller whose verbs stand in the trace with what came of them; otherwise the one inside. */
export class TracedLaneController implements LaneController {
  readonly #inner: LaneController;
  readonly #trace: Trace;
  readonly #lamps = new Map<number, Lamp>();

  constructor(inner: LaneController, trace: Trace) {
    this.#inner = inner;
    this.#trace = trace;
  }

  get doorCount(): number {
    return this.#inner.doorCount;
  }

  get ready(): boolean {
    return this.#inner.ready;
  }

  /** The lamp this door was last told to show; null when it was not told yet. */
  lampOf(door: number): Lamp | null {
    return this.#lamps.get(door) ?? null;
  }

  subscribe(listener: (event: LaneControllerEvent) => void): Unsubscribe {
    return this.#inner.subscribe(listener);
  }

  start(): void {
    this.#inner.start();
  }

  openDoor(door: number, direction: PassageDirection, passes: number): Promise<Result<void, DeviceError>> {
    return this.#told('openDoor', { door, direction, passes }, this.#inner.openDoor(door, direction, passes));
  }

  closeDoor(door: number): Promise<Result<void, DeviceError>> {
    return this.#told('closeDoor', { door }, this.#inner.closeDoor(door));
  }

  closeAllDoors(): Promise<Result<void, DeviceError>> {
    return this.#told('closeAllDoors', {}, this.#inner.closeAllDoors());
  }

  async setLamp(door: number, lamp: Lamp): Promise<Result<void, DeviceError>> {
    const set = await this.#told('setLamp', { door, lamp }, this.#inner.setLamp(door, lamp));
    if (set.ok) this.#lamps.set(door, lamp);
    return set;
  }

  setMode(mode: DoorMode): Promise<Result<void, DeviceError>> {
    return this.#told('setMode', { mode }, this.#inner.setMode(mode));
  }

  countForward(door: number): Promise<Result<number, DeviceError>> {
    return this.#told('countForward', { door }, this.#inner.countForward(door));
  }

  readDoor(door: number, maxAgeMs?: number): Promise<Result<DoorState, DeviceError>> {
    return this.#told('readDoor', { door }, this.#inner.readDoor(door, maxAgeMs));
  }

  readState(): Promise<Result<LaneState, DeviceError>> {
    return this.#told('readState', {}, this.#inner.readState());
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #told<T>(
    verb: string,
    facts: TraceFacts,
    work: Promise<Result<T, DeviceError>>,
  ): Promise<Result<T, DeviceError>> {
    const startedAt = performance.now();
    const result = await work;
    const ms = performance.now() - startedAt;
    this.#trace.add('laneController', 'out', verb, { ...facts, answer: result.ok ? 'ok' : result.error.code, ms });
    return result;
  }
}
