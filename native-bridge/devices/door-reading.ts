import type { DoorState, LaneControllerEvent, PassageDirection } from '../ports/lane-controller.ts';
import type { Timing } from '../ports/timing.ts';
import type { TurnstileMap } from '../protocol/turnstile-map.ts';
import { doorStateOf, eventsBetween, type RawReading } from './door-registers.ts';
import type { DoorUnit } from './door-unit.ts';

export interface ReadingTimes {
  /** Between two polls of a door that is open. */
  readonly fastPollMs: number;
  /** Between two polls of a door that is shut. */
  readonly slowPollMs: number;
}

/**
 * What is known of one door and how old it is (decision 0055). What was read before an order tells nothing of the door after it; the
 * mode changes by a hand on the hardware only, and is read as often as a shut door is looked at.
 */
export class DoorReading {
  readonly number: number;
  readonly unit: DoorUnit;
  readonly #map: TurnstileMap;
  readonly #times: ReadingTimes;
  readonly #timing: Timing;
  #state: DoorState | null = null;
  #dueAt = 0;
  /** When the unit was last asked for its state, no order having gone to it since. */
  #askedAt = Number.NEGATIVE_INFINITY;
  /** The mode register as last read, and when. */
  #mode: { readonly value: number; readonly at: number } | null = null;

  constructor(number: number, unit: DoorUnit, map: TurnstileMap, times: ReadingTimes, timing: Timing) {
    this.number = number;
    this.unit = unit;
    this.#map = map;
    this.#times = times;
    this.#timing = timing;
  }

  get state(): DoorState | null {
    return this.#state;
  }

  /** When it is to be asked next. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** How long a mode that was read counts. */
  get modeLifeMs(): number {
    return 2 * this.#times.slowPollMs;
  }

  /** What the unit itself said no longer ago than this, unless it was told to do something since. */
  knownSince(maxAgeMs: number): DoorState | null {
    const now = this.#timing.now();
    const mode = this.#mode;
    const fresh = now - this.#askedAt < maxAgeMs && mode !== null && now - mode.at < this.modeLifeMs;
    return fresh ? this.#state : null;
  }

  /** An order has gone to it, or it was lost. */
  ordered(): void {
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  forgetMode(): void {
    this.#mode = null;
  }

  /** The mode, where it was read no longer ago than this. */
  modeWithin(maxAgeMs: number): number | null {
    return this.#mode !== null && this.#timing.now() - this.#mode.at < maxAgeMs ? this.#mode.value : null;
  }

  /** The unit has told its mode just now. */
  modeRead(value: number): void {
    this.#mode = { value, at: this.#timing.now() };
  }

  /** What the unit's registers mean, after what is known of it. */
  stateOf(raw: RawReading): DoorState {
    return doorStateOf(this.#map, this.number, raw, this.#state?.open ?? false);
  }

  /** Takes over what the unit was asked for at that time, and gives what has happened since it was asked before. */
  learn(after: DoorState, askedAt: number | null): readonly LaneControllerEvent[] {
    const before = this.#state;
    this.#state = after;
    if (askedAt !== null) this.#askedAt = askedAt;
    this.#dueAt = this.#timing.now() + (after.open ? this.#times.fastPollMs : this.#times.slowPollMs);
    return before === null ? [] : eventsBetween(before, after);
  }

  /** A grant was acknowledged: open, although the next poll may already find it used and shut again. True when it was shut before. */
  granted(direction: PassageDirection, passes: number): boolean {
    const before = this.#state;
    if (before === null) return false;
    const grant = direction === 'forward' ? { passesForward: passes } : { passesBackward: passes };
    this.#state = { ...before, ...grant, open: true };
    this.#dueAt = this.#timing.now();
    return !before.open;
  }
}
