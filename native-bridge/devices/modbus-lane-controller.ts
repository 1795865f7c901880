import { err, ok, type Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
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
import type { TurnstileMap } from '../protocol/turnstile-map.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { Exclusive } from '../transport/exclusive.ts';
import { LINK_DELAYS, type ResilientLinkDelays } from '../transport/resilient-link.ts';
import { DoorReading } from './door-reading.ts';
import { doorStateOf } from './door-registers.ts';
import { DoorUnit } from './door-unit.ts';
import type { LaneControllerTimes } from './lane-controller-times.ts';
import { ModbusBus } from './modbus-bus.ts';
import { PollRound } from './poll-round.ts';

export interface ModbusLaneControllerOptions {
  readonly opener: LinkOpener;
  readonly timing: Timing;
  readonly map: TurnstileMap;
  /** Unit ids on the bus in the order a traveller meets the doors: two or three. */
  readonly units: readonly number[];
  readonly times: LaneControllerTimes;
  readonly linkDelays?: ResilientLinkDelays;
}

/**
 * Lane controller made of Modbus RTU door units on one bus (why doors shut by themselves: native-bridge/README.md).
 * Polls one door at a time, open doors faster. A unit that does not answer twice makes the whole lane `lost`: a lane with an unknown
 * door is no lane. It is then searched for, every door is shut first when it is found, and passages counted meanwhile are told.
 */
export class ModbusLaneController implements LaneController {
  readonly doorCount: number;
  readonly #options: ModbusLaneControllerOptions;
  readonly #bus: ModbusBus;
  readonly #doors: readonly DoorReading[];
  readonly #round: PollRound<DoorReading>;
  readonly #events = new EventHub<LaneControllerEvent>();
  /**
   * Verbs and polls of several requests each must not mix: a poll between grant and check would tell a half-truth. Somebody waits
   * for a verb, so polls and lamps come after them.
   */
  readonly #exclusive = new Exclusive(32);
  #ready = false;
  #closed = false;
  #lost: LostReason = 'openFailed';
  /** `lost` is told once until the next `ready`, also when the lane never was ready. */
  #toldLost = false;
  #emergency = false;

  constructor(options: ModbusLaneControllerOptions) {
    const { opener, timing, map, units, times, linkDelays = LINK_DELAYS } = options;
    this.#options = options;
    this.doorCount = units.length;
    this.#bus = new ModbusBus(opener, timing, times, linkDelays, {
      up: () => void this.#exclusive.runLater(() => this.#takeIntoService()),
      down: (reason) => this.#lose(reason, null),
    });
    this.#doors = units.map(
      (unit, index) => new DoorReading(index + 1, new DoorUnit(this.#bus, map, unit), map, times, timing),
    );
    this.#round = new PollRound(timing, this.#doors, {
      poll: async (dueFirst) => {
        await this.#whenNoVerbWaits(() => (this.#ready ? this.#poll(dueFirst()) : Promise.resolve(ok())));
      },
      polled: () => this.#schedule(),
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  subscribe(listener: (event: LaneControllerEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#bus.start();
  }

  openDoor(number: number, direction: PassageDirection, passes: number): Promise<Result<void, DeviceError>> {
    const door = this.#doors[number - 1];
    if (door === undefined) return Promise.resolve(err({ code: 'requestInvalid', what: 'door' }));
    if (!Number.isInteger(passes) || passes < 1 || passes > this.#options.map.maxPasses) {
      return Promise.resolve(err({ code: 'requestInvalid', what: 'passes' }));
    }
    // Asked here as well as in turn: a caller of a lost lane need not wait for the search that is under way.
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    door.ordered();
    return this.#exclusive.run(async () => {
      if (!this.#ready) return this.#unavailable();
      // A blocked unit would keep the grant and open when the block ends, for whoever stands there then.
      if (door.state?.mode === 'blocked')
        return err({ code: 'deviceRejected', detail: this.#options.map.mode.blocked });
      door.ordered();
      const granted = await this.#grantOnce(door, direction, passes);
      door.ordered();
      if (!granted.ok) {
        // What the unit made of it is unknown, so the door is shut; what can't be shut is lost, and shuts by itself.
        const shut = await door.unit.shut();
        if (!shut.ok) this.#lose(reasonOf(shut.error), door.number);
        return granted;
      }
      if (door.granted(direction, passes)) this.#events.emit({ type: 'doorOpened', door: number });
      this.#schedule();
      return ok();
    });
  }

  closeDoor(number: number): Promise<Result<void, DeviceError>> {
    const door = this.#doors[number - 1];
    if (door === undefined) return Promise.resolve(err({ code: 'requestInvalid', what: 'door' }));
    return this.#exclusive.run(() => this.#shut(door));
  }

  closeAllDoors(): Promise<Result<void, DeviceError>> {
    return this.#exclusive.run(async () => {
      let result: Result<void, DeviceError> = ok();
      for (const door of this.#doors) {
        const shut = await this.#shut(door);
        if (!shut.ok && result.ok) result = shut;
      }
      return result;
    });
  }

  setLamp(number: number, lamp: Lamp): Promise<Result<void, DeviceError>> {
    const door = this.#doors[number - 1];
    if (door === undefined) return Promise.resolve(err({ code: 'requestInvalid', what: 'door' }));
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    return this.#whenNoVerbWaits(async () => {
      // A lamp of before must not follow the red ones of `close`.
      if (!this.#ready || this.#closed) return this.#unavailable();
      return this.#orLose(door, await door.unit.setLamp(lamp));
    });
  }

  setMode(mode: DoorMode): Promise<Result<void, DeviceError>> {
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    return this.#exclusive.run(async () => {
      let result: Result<void, DeviceError> = ok();
      for (const door of this.#doors) {
        if (!this.#ready) return this.#unavailable();
        const set = await this.#orLose(door, await door.unit.setMode(mode));
        door.ordered();
        // Looked at now: what was known of the mode is old.
        door.forgetMode();
        const seen = set.ok ? await this.#poll(door) : set;
        if (!seen.ok && result.ok) result = seen;
      }
      return result;
    });
  }

  countForward(number: number): Promise<Result<number, DeviceError>> {
    const door = this.#doors[number - 1];
    if (door === undefined) return Promise.resolve(err({ code: 'requestInvalid', what: 'door' }));
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    return this.#exclusive.run(async () => {
      if (!this.#ready) return this.#unavailable();
      return this.#orLose(door, await door.unit.countForward());
    });
  }

  readDoor(number: number, maxAgeMs = 0): Promise<Result<DoorState, DeviceError>> {
    const door = this.#doors[number - 1];
    if (door === undefined) return Promise.resolve(err({ code: 'requestInvalid', what: 'door' }));
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    const known = door.knownSince(maxAgeMs);
    if (known !== null) return Promise.resolve(ok(known));
    return this.#exclusive.run(async () => {
      if (!this.#ready) return this.#unavailable();
      // A poll may have been under way.
      const polledMeanwhile = door.knownSince(maxAgeMs);
      if (polledMeanwhile !== null) return ok(polledMeanwhile);
      // Every poll of a shut door asks for the mode anew: what is known is no older than one of them.
      const polled = await this.#poll(door, door.modeLifeMs);
      if (!polled.ok) return polled;
      return door.state === null ? this.#unavailable() : ok(door.state);
    });
  }

  readState(): Promise<Result<LaneState, DeviceError>> {
    if (!this.#ready) return Promise.resolve(this.#unavailable());
    return this.#exclusive.run(async () => {
      if (!this.#ready) return this.#unavailable();
      for (const door of this.#doors) {
        door.forgetMode();
        const polled = await this.#poll(door);
        if (!polled.ok) return polled;
      }
      return ok(this.#state());
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#round.stop();
    if (this.#bus.isUp) {
      await this.#exclusive.run(async () => {
        for (const door of this.#doors) {
          // A door that can't be reached shuts by itself; the others still get their order.
          const shut = await door.unit.shut();
          if (shut.ok) await door.unit.setLamp('red');
        }
        return ok();
      });
    }
    this.#ready = false;
    await this.#bus.close();
  }

  /** A verb that comes during the silence before a request goes first; it needs the same silence. */
  async #whenNoVerbWaits<T>(work: () => Promise<Result<T, DeviceError>>): Promise<Result<T, DeviceError>> {
    for (;;) {
      const done = await this.#exclusive.runLater<Result<T, DeviceError> | null, DeviceError>(async () => {
        await this.#bus.untilSilent();
        return ok(this.#exclusive.isWaitedFor ? null : await work());
      });
      if (!done.ok) return done;
      if (done.value !== null) return done.value;
    }
  }

  #unavailable(): Result<never, DeviceError> {
    return err(this.#closed ? { code: 'deviceClosed' } : { code: 'deviceLost', reason: this.#lost });
  }

  /** A grant whose answer stayed out is looked up in the unit before it is sent again, so that it never counts twice. */
  async #grantOnce(door: DoorReading, direction: PassageDirection, passes: number): Promise<Result<void, DeviceError>> {
    const before = door.state;
    const opposite = direction === 'forward' ? before?.passesBackward : before?.passesForward;
    if (opposite !== 0) {
      const shut = await door.unit.shut();
      if (!shut.ok) return shut;
    }
    const first = await door.unit.grant(direction, passes);
    if (first.ok || (first.error.code !== 'deviceTimeout' && first.error.code !== 'deviceGarbled')) return first;
    const found = await door.unit.read();
    if (!found.ok) return found;
    const now = doorStateOf(this.#options.map, door.number, found.value, false);
    const taken = now.open || now.countForward !== before?.countForward || now.countBackward !== before.countBackward;
    return taken ? ok() : door.unit.grant(direction, passes);
  }

  async #shut(door: DoorReading): Promise<Result<void, DeviceError>> {
    if (this.#closed) return err({ code: 'deviceClosed' });
    door.ordered();
    const shut = await this.#orLose(door, await door.unit.shut());
    if (shut.ok && this.#ready) {
      // Asked at once, so that the caller's `doorClosed` does not wait for the next poll.
      await this.#poll(door);
      this.#schedule();
    }
    return shut;
  }

  #orLose<T>(door: DoorReading, result: Result<T, DeviceError>): Result<T, DeviceError> {
    if (!result.ok && result.error.code !== 'deviceRejected') this.#lose(reasonOf(result.error), door.number);
    return result;
  }

  #lose(reason: LostReason, door: number | null): void {
    if (this.#closed) return;
    this.#round.stop();
    this.#lost = reason;
    this.#ready = false;
    for (const each of this.#doors) each.ordered();
    if (!this.#toldLost) this.#events.emit({ type: 'lost', reason, door });
    this.#toldLost = true;
    if (this.#bus.isUp) this.#searchLater();
  }

  #searchLater(): void {
    const search = (): void => void this.#exclusive.runLater(() => this.#takeIntoService());
    this.#round.later(this.#options.times.searchMs, search);
  }

  /** Shuts every door before anything else is asked; only a lane whose doors all answer is ready. */
  async #takeIntoService(): Promise<Result<void, DeviceError>> {
    if (this.#closed || this.#ready) return ok();
    const shut = await this.#eachDoor((door) => door.unit.shut());
    if (!shut.ok) return shut;
    const states: DoorState[] = [];
    const prepared = await this.#eachDoor(async (door) => {
      const state = await this.#prepare(door);
      if (state.ok) states.push(state.value);
      return state;
    });
    if (!prepared.ok || this.#closed) return prepared;
    this.#ready = true;
    this.#toldLost = false;
    const events = this.#doors.flatMap((door, index) => door.learn(states[index]!, null));
    this.#events.emit({ type: 'ready', state: this.#state() });
    // Passages that the units counted while nobody listened.
    for (const event of events) this.#events.emit(event);
    this.#tellEmergency();
    this.#schedule();
    return ok();
  }

  /** Every door is tried, also when one fails; a failure makes the lane lost. */
  async #eachDoor(
    work: (door: DoorReading) => Promise<Result<unknown, DeviceError>>,
  ): Promise<Result<void, DeviceError>> {
    let result: Result<void, DeviceError> = ok();
    for (const door of this.#doors) {
      const done = await work(door);
      if (done.ok || !result.ok) continue;
      result = done;
      this.#lose(reasonOf(done.error), door.number);
    }
    return result;
  }

  async #prepare(door: DoorReading): Promise<Result<DoorState, DeviceError>> {
    const set = await door.unit.setTimes(this.#options.times);
    if (!set.ok) return set;
    const lamp = await door.unit.setLamp('red');
    if (!lamp.ok) return lamp;
    const raw = await door.unit.read();
    return raw.ok ? ok(door.stateOf(raw.value)) : raw;
  }

  #schedule(): void {
    if (!this.#closed && this.#ready) this.#round.arm();
  }

  async #poll(door: DoorReading, modeMaxAgeMs = this.#options.times.slowPollMs): Promise<Result<void, DeviceError>> {
    const askedAt = this.#options.timing.now();
    // Not while a verb waits, as long as what is known is as young as an interlock may take it.
    const known = door.modeWithin(this.#exclusive.isWaitedFor ? door.modeLifeMs : modeMaxAgeMs);
    const raw = await door.unit.read(known);
    if (!raw.ok) {
      this.#lose(reasonOf(raw.error), door.number);
      return raw;
    }
    if (known === null) door.modeRead(raw.value.mode);
    if (!this.#ready) return this.#unavailable();
    for (const event of door.learn(door.stateOf(raw.value), askedAt)) this.#events.emit(event);
    this.#tellEmergency();
    return ok();
  }

  #tellEmergency(): void {
    const { emergency } = this.#state();
    if (emergency === this.#emergency) return;
    this.#emergency = emergency;
    this.#events.emit({ type: 'emergency', active: emergency });
  }

  #state(): LaneState {
    const doors = this.#doors.flatMap(({ state }) => (state === null ? [] : [state]));
    return { doors, emergency: doors.some((door) => door.mode === 'emergency') };
  }
}

function reasonOf(error: DeviceError): LostReason {
  if (error.code === 'deviceLost') return error.reason;
  return error.code === 'deviceTimeout' ? 'silent' : 'garbled';
}
