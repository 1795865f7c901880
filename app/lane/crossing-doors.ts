import type { DeviceError } from '../../native-bridge/ports/device-error.ts';
import type { DoorState } from '../../native-bridge/ports/lane-controller.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { CrossingScope } from './crossing-scope.ts';
import { countWhenClear, judgePassage, releaseLastDoor } from './last-door.ts';

type Direction = 'forward' | 'backward';
/** `doorNotShut`: another door is open, at fault, or not known; this one stays shut. */
type InterlockError = DeviceError | { readonly code: 'doorNotShut'; readonly door: number };

/**
 * A door is known to be shut when it has said so no longer ago than this, half the time between two polls of a shut door, and was
 * given no order since. Milliseconds.
 */
const KNOWN_SHUT_MS = 100;
/** Looking ahead, so that the release itself finds everything young enough. */
const AHEAD_MS = 60;
const SETTLE_RETRY_MS = 250;
const LAMP_DELAY_MS = 120;

interface Counted {
  readonly askedAtMs: number;
  readonly count: Result<number, DeviceError>;
}

interface LookedAhead {
  readonly door: number;
  readonly others: Promise<Result<void, InterlockError>>;
  /** Of the door itself, where it is the last one. */
  readonly count: Promise<Counted> | null;
}

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
  /** What was asked for ahead, while something slower was under way. */
  #lookedAhead: LookedAhead | null = null;
  #stopExpiry: (() => void) | null = null;

  constructor(scope: CrossingScope, released: ReadonlySet<string> = new Set()) {
    this.#scope = scope;
    for (const passage of released) this.#released.add(passage);
  }

  get released(): ReadonlySet<string> {
    return this.#released;
  }

  /** A crossing before this one may have let the same person out: its doors are shut again, or the time is over. The interlock asks in any case. */
  async whenShut(limitMs: number): Promise<void> {
    const { services, snapshot } = this.#scope;
    const { doors, clock } = services;
    const numbers = Array.from({ length: doors.doorCount }, (_, index) => index + 1);
    const endsAtMs = clock.monotonicMs() + limitMs;
    while (snapshot().status === 'active' && clock.monotonicMs() < endsAtMs) {
      const states = await Promise.all(numbers.map((number) => doors.readDoor(number, KNOWN_SHUT_MS)));
      if (states.every((state) => state.ok && isShut(state.value))) return;
      await new Promise<void>((resolve) => void clock.after(KNOWN_SHUT_MS, resolve));
    }
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

  /**
   * Asks the other doors while something slower is under way; the next release of `door` waits for the answer and asks again what
   * has grown old by then. Before the last door, its counter is asked for as well.
   */
  lookAhead(door: number, last = false): void {
    const others = this.#askOthers(door, AHEAD_MS);
    this.#lookedAhead = { door, others, count: last ? this.#countAfterShutting(door) : null };
  }

  async releaseLast(door: number): Promise<void> {
    const { recordId, services, tell, storeFailed, mark, snapshot } = this.#scope;
    const { diary, clock } = services;
    this.#released.add(`${door} forward`);
    const ahead = this.#lookedAhead;
    const others = await this.#othersShut(door);
    if (!others.ok) return this.#fault(door, others.error);
    const released = await releaseLastDoor(recordId, door, {
      ...services,
      doors: {
        openDoor: (...order) => services.doors.openDoor(...order),
        countForward: () => this.#countBefore(door, ahead),
      },
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
    const before = ahead?.door === door ? await ahead.others : ok();
    return before.ok ? this.#askOthers(door, KNOWN_SHUT_MS) : before;
  }

  /** The door has been shut since it was counted ahead; after a longer time than the interlock trusts, it is asked again. */
  async #countBefore(door: number, ahead: LookedAhead | null): Promise<Result<number, DeviceError>> {
    const { clock, doors } = this.#scope.services;
    const counted = ahead?.door === door ? await ahead.count : null;
    const young = counted != null && clock.monotonicMs() - counted.askedAtMs < KNOWN_SHUT_MS;
    return young && counted.count.ok ? counted.count : doors.countForward(door);
  }

  async #countAfterShutting(door: number): Promise<Counted> {
    const { clock, doors } = this.#scope.services;
    await this.#shutting;
    const askedAtMs = clock.monotonicMs();
    return { askedAtMs, count: await doors.countForward(door) };
  }

  async #askOthers(door: number, maxAgeMs: number): Promise<Result<void, InterlockError>> {
    const { doors } = this.#scope.services;
    const shut = await this.#shutting;
    if (!shut.ok) return shut;
    const others = Array.from({ length: doors.doorCount }, (_, index) => index + 1).filter((other) => other !== door);
    // All at once: between two of them no poll comes first.
    const states = await Promise.all(others.map((other) => doors.readDoor(other, maxAgeMs)));
    for (const state of states) {
      if (!state.ok) return state;
      if (!isShut(state.value)) return err({ code: 'doorNotShut', door: state.value.door });
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
