import { EventHub } from '../ports/event-source.ts';
import type { PassageDirection } from '../ports/lane-controller.ts';
import { delay, type Timing } from '../ports/timing.ts';
import type { TurnstileMap } from '../protocol/turnstile-map.ts';
import { DoorModel } from './door-model.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { ModbusSlave } from './modbus-slave.ts';
import { PtyPort } from './pty-port.ts';

export interface LaneControllerSimulatorOptions {
  readonly linkPath: string | null;
  readonly timing: Timing;
  readonly map: TurnstileMap;
  /** Two or three; unit ids are 1, 2, 3. */
  readonly doorCount: number;
  /** From stepping up to a door to being under it, and from there to being through. 0: at once. */
  readonly travelMs: number;
}

export interface SimulatedDoor {
  readonly door: number;
  readonly openForward: boolean;
  readonly openBackward: boolean;
  readonly lamp: 'off' | 'red' | 'green' | 'amber';
}

/**
 * The hardware of a lane at the other end of an RS-485 cable, and the people in it. Places are numbered as people meet them:
 * 0 is the exit hall, 1 the chamber behind door 1, and so on; the last is the entry hall. Both halls always have somebody in them.
 */
export class LaneControllerSimulator {
  readonly #options: LaneControllerSimulatorOptions;
  readonly #port: PtyPort;
  readonly #doors: readonly DoorModel[];
  /** How many people stand in each place between the halls. */
  readonly #inside: number[];
  readonly #changes = new EventHub<void>();

  constructor(options: LaneControllerSimulatorOptions) {
    const { linkPath, timing, map, doorCount } = options;
    this.#options = options;
    this.#doors = Array.from({ length: doorCount }, () => new DoorModel(map, timing, () => this.#changes.emit()));
    this.#inside = Array.from({ length: doorCount + 1 }, () => 0);
    const units = new Map(this.#doors.map((door, index) => [index + 1, door] as const));
    const slave = new ModbusSlave(units, timing, (bytes) => this.#port.send(bytes));
    this.#port = new PtyPort(linkPath, (bytes) => slave.received(bytes));
    this.#port.plug();
  }

  get path(): string {
    return this.#port.path;
  }

  door(number: number): SimulatedDoor {
    const model = this.#model(number);
    const [green, red] = [model.lampLit('green'), model.lampLit('red')];
    const lamp = green ? (red ? 'amber' : 'green') : red ? 'red' : 'off';
    return { door: number, openForward: model.isOpen('forward'), openBackward: model.isOpen('backward'), lamp };
  }

  /** People between the first and the last door. */
  get peopleInside(): number {
    return this.#inside.slice(1, -1).reduce((sum, count) => sum + count, 0);
  }

  /** Resolves true as soon as the predicate holds, false after `timeoutMs`. A harness waits on this instead of sleeping. */
  waitFor(predicate: (lane: LaneControllerSimulator) => boolean, timeoutMs: number): Promise<boolean> {
    if (predicate(this)) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (held: boolean): void => {
        cancel();
        unsubscribe();
        resolve(held);
      };
      const cancel = this.#options.timing.after(timeoutMs, () => settle(false));
      const unsubscribe = this.#changes.subscribe(() => {
        if (predicate(this)) settle(true);
      });
    });
  }

  /** Resolves true when the door lets somebody through in this direction. */
  doorOpen(number: number, direction: PassageDirection, timeoutMs: number): Promise<boolean> {
    const model = this.#model(number);
    return this.waitFor(() => model.isOpen(direction), timeoutMs);
  }

  /** One person goes forward through a door that is open. */
  walkIn(number: number): Promise<void> {
    return this.#pass(number, 'forward', 1);
  }

  /** One person goes back out through a door that is open for it. */
  walkBack(number: number): Promise<void> {
    return this.#pass(number, 'backward', 1);
  }

  /** Two people squeeze through on one opening. */
  tailgate(number: number): Promise<void> {
    return this.#pass(number, 'forward', 2);
  }

  /** Something keeps the leaf from moving; the unit reports it. */
  jam(number: number): void {
    this.#model(number).setJammed(true);
  }

  unjam(number: number): void {
    this.#model(number).setJammed(false);
  }

  /** The red button: every door frees itself in hardware, whatever the lane thinks. */
  pressEmergency(): void {
    for (const door of this.#doors) door.setEmergency(true);
  }

  releaseEmergency(): void {
    for (const door of this.#doors) door.setEmergency(false);
  }

  /** Pulls the bus cable; the units keep their power and their state. */
  unplug(): void {
    if (!this.#port.plugged) throw new ImpossibleAct('the lane controller is not plugged in');
    this.#port.unplug();
  }

  replug(): void {
    if (this.#port.plugged) throw new ImpossibleAct('the lane controller is plugged in');
    this.#port.plug();
  }

  /** Everybody is gone from between the doors, as when an officer led them out by the side. For the next test, not for a scenario. */
  clearPeople(): void {
    this.#inside.fill(0);
  }

  close(): void {
    for (const door of this.#doors) door.stop();
    this.#port.close();
  }

  async #pass(number: number, direction: PassageDirection, persons: number): Promise<void> {
    const model = this.#model(number);
    const [from, to] = direction === 'forward' ? [number - 1, number] : [number, number - 1];
    const [near, far] = direction === 'forward' ? (['exit', 'entry'] as const) : (['entry', 'exit'] as const);
    if (!this.#isHall(from) && (this.#inside[from] ?? 0) < persons)
      throw new ImpossibleAct(`fewer than ${persons} people stand before door ${number}`);
    if (!model.isOpen(direction)) throw new ImpossibleAct(`door ${number} is shut for going ${direction}`);
    model.occupy(near, true);
    await this.#travel();
    // The door may have shut while the person walked up to it: then the person stands before it.
    if (!model.isOpen(direction)) {
      model.occupy(near, false);
      throw new ImpossibleAct(`door ${number} shut before the person was through`);
    }
    model.occupy(far, true);
    model.occupy(near, false);
    this.#inside[from] = this.#isHall(from) ? 0 : (this.#inside[from] ?? 0) - persons;
    this.#inside[to] = this.#isHall(to) ? 0 : (this.#inside[to] ?? 0) + persons;
    model.countPassage(direction, persons);
    await this.#travel();
    model.occupy(far, false);
  }

  #isHall(place: number): boolean {
    return place === 0 || place === this.#doors.length;
  }

  async #travel(): Promise<void> {
    const { travelMs, timing } = this.#options;
    if (travelMs > 0) await delay(timing, travelMs);
  }

  #model(number: number): DoorModel {
    const model = this.#doors[number - 1];
    if (model === undefined) throw new ImpossibleAct(`there is no door ${number}`);
    return model;
  }
}
