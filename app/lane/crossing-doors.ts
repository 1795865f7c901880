import type { DeviceError } from '../../native-bridge/ports/device-error.ts';
import type { DoorState } from '../../native-bridge/ports/lane-controller.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { CrossingScope } from './crossing-scope.ts';
import { countWhenClear, judgePassage, releaseLastDoor } from './last-door.ts';

type Direction = 'forward' | 'backward';
/** `doorNotShut`: another door is open, at fault, or not known; this one stays shut. */
type InterlockError = DeviceError | { readonly code: 'doorNotShut'; readonly door: number };

const SETTLE_RETRY_MS = 250;
const LAMP_DELAY_MS = 120;

/** The doors of one crossing: never two open at once, each opening told, the last one fenced by the record. */
export class CrossingDoors {
  readonly #scope: CrossingScope;
  /** `DOOR DIRECTION` of every release so far. */
  readonly #released = new Set<string>();
  readonly #lamps = new Map<number, () => void>();
  /** Doors that are to be open at this moment: an order to shut may overtake a release that still asks the others. */
  readonly #wanted = new Set<number>();
  /** The last answer to a door being shut. */
  #shutting: Promise<Result<void, DeviceError>> = Promise.resolve(ok());
  /** An answer of the other doors that was asked for ahead, while something slower was under way. */
  #lookedAhead: { readonly door: number; readonly others: Promise<Result<void, InterlockError>> } | null = null;
  #stopExpiry: (() => void) | null = null;

  constructor(scope: CrossingScope) {
    this.#scope = scope;
  }

  /** Whether this crossing has let somebody through this door in this direction; anything else is a breach. */
  expects(door: number, direction: Direction): boolean {
    return this.#released.has(`${door} ${direction}`);
  }

  async open(door: number, direction: Direction): Promise<void> {
    const { recordId, services, tell, mark } = this.#scope;
    this.#released.add(`${door} ${direction}`);
    this.#wanted.add(door);
    const shut = await this.#othersShut(door);
    // Shut meanwhile (referred, given up): a release that comes after its own end would let the next one in.
    if (!this.#wanted.has(door)) return;
    if (!shut.ok) return this.#fault(door, shut.error);
    const opened = await services.doors.openDoor(door, direction, 1);
    mark(`door${door}`);
    if (!opened.ok) return tell({ type: 'doorFault', door });
    this.#lamp(door, 'green');
    await services.diary.note('doorReleased', { recordId, detail: `door ${door} ${direction}` });
  }

  async shut(door: number): Promise<void> {
    this.#wanted.delete(door);
    this.#stopExpiry?.();
    this.#lookedAhead = null;
    this.#shutting = this.#scope.services.doors.closeDoor(door);
    await this.#shutting;
    this.#lamp(door, 'red');
  }

  /** Asks the other doors while something slower is under way; the next release of `door` takes the answer. */
  lookAhead(door: number): void {
    this.#lookedAhead = { door, others: this.#askOthers(door) };
  }

  async releaseLast(door: number): Promise<void> {
    const { recordId, services, tell, storeFailed, mark, snapshot } = this.#scope;
    const { diary, clock } = services;
    this.#released.add(`${door} forward`);
    const others = await this.#othersShut(door);
    if (!others.ok) return this.#fault(door, others.error);
    const released = await releaseLastDoor(recordId, door, {
      ...services,
      stillLeaving: () => snapshot().matches('leaving'),
    });
    mark('lastDoor');
    if (!released.ok) {
      const { code } = released.error;
      if (code === 'overtaken') return;
      if (code === 'clearanceExpired') return tell({ type: 'clearanceExpired' });
      if (code === 'storeFailed') return storeFailed();
      return tell({ type: 'doorFault', door });
    }
    this.#stopExpiry = clock.after(Math.max(0, released.value.endsAtMs - clock.nowMs()), () =>
      tell({ type: 'clearanceExpired' }),
    );
    diary.recorded('doorReleased', { recordId, detail: `door ${door}` });
    this.#lamp(door, 'green');
  }

  /** The same release once more: not when somebody has passed on it, whose passage is only being told. */
  async extendLast(door: number): Promise<void> {
    const { recordId, services } = this.#scope;
    const [record, count] = [await services.store.read(recordId), await services.doors.countForward(door)];
    const before = record.ok ? record.value.lastDoorRelease?.passagesBefore : undefined;
    if (!count.ok || before === undefined || count.value !== before) return;
    this.#stopExpiry?.();
    await this.releaseLast(door);
  }

  /** Shut first, wait until nobody stands in the door, then count. With the controller away this is tried until it is back. */
  async settle(door: number): Promise<void> {
    const { recordId, services, tell, snapshot } = this.#scope;
    const { doors, store, clock, diary } = services;
    await doors.closeDoor(door);
    const [record, now] = [await store.read(recordId), await countWhenClear(doors, door)];
    if (now.ok && now.value !== null && record.ok) {
      const release = record.value.lastDoorRelease;
      // Without a release on disk the door was never opened for this record.
      const verdict = release === null ? 'notPassed' : judgePassage(release.passagesBefore, now.value);
      if (verdict === 'uncertain') await diary.note('unexpectedPassage', { recordId, detail: `door ${door}` });
      return tell({ type: 'passageSettled', verdict });
    }
    if (!snapshot().matches('settling')) return;
    clock.after(SETTLE_RETRY_MS, () => void this.#scope.attempt(() => this.settle(door)));
  }

  /** The last door's counter once somebody has passed; null while it can't be asked. */
  async countAfter(door: number): Promise<number | null> {
    const count = await this.#scope.services.doors.countForward(door);
    return count.ok ? count.value : null;
  }

  end(): void {
    this.#stopExpiry?.();
  }

  /** Interlock, fail closed: every other door has answered that it is shut, after the last order to one of them. */
  async #othersShut(door: number): Promise<Result<void, InterlockError>> {
    const ahead = this.#lookedAhead;
    this.#lookedAhead = null;
    return ahead?.door === door ? ahead.others : this.#askOthers(door);
  }

  async #askOthers(door: number): Promise<Result<void, InterlockError>> {
    const { doors } = this.#scope.services;
    const shut = await this.#shutting;
    if (!shut.ok) return shut;
    for (let other = 1; other <= doors.doorCount; other += 1) {
      if (other === door) continue;
      const state = await doors.readDoor(other);
      if (!state.ok) return state;
      if (!isShut(state.value)) return err({ code: 'doorNotShut', door: other });
    }
    return ok();
  }

  async #fault(door: number, error: InterlockError): Promise<void> {
    const { recordId, services, tell } = this.#scope;
    const at = error.code === 'doorNotShut' ? error.door : door;
    tell({ type: 'doorFault', door: at });
    await services.diary.note('doorFault', { recordId, detail: `door ${at} ${error.code}` });
  }

  /** Lamps share the bus with the doors: they follow a moment later, so that no door waits for a lamp. */
  #lamp(door: number, lamp: 'green' | 'red'): void {
    const { clock, doors } = this.#scope.services;
    this.#lamps.get(door)?.();
    this.#lamps.set(
      door,
      clock.after(LAMP_DELAY_MS, () => void doors.setLamp(door, lamp)),
    );
  }
}

function isShut({ open, errorBits, mode }: DoorState): boolean {
  return !open && errorBits === 0 && mode === 'normal';
}
