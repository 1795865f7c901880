import type { PassageDirection } from '../ports/lane-controller.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import type { TurnstileMap } from '../protocol/turnstile-map.ts';

/** The error bit our simulated unit sets when its leaf is stuck. Makers have their own bits; drivers only look for non-zero. */
const JAM_BIT = 0x0001;

/**
 * What is inside one door unit: grants that are used up or expire, counters, zones, mode, lamps. It knows registers only by the
 * map's names and bodies only by what its sensors see.
 */
export class DoorModel {
  readonly #map: TurnstileMap;
  readonly #timing: Timing;
  readonly #changed: () => void;
  /** Everything that was ever written and has no meaning of its own: settings, lamps. */
  readonly #memory = new Map<number, number>();
  readonly #passes: Record<PassageDirection, number> = { forward: 0, backward: 0 };
  readonly #counts: Record<PassageDirection, number> = { forward: 0, backward: 0 };
  readonly #occupied = { exit: false, entry: false };
  #mode: number;
  #jammed = false;
  #cancelExpiry: Cancel | null = null;

  constructor(map: TurnstileMap, timing: Timing, changed: () => void) {
    this.#map = map;
    this.#timing = timing;
    this.#changed = changed;
    this.#mode = map.mode.normal;
    this.#memory.set(map.settings.accumulate, 1).set(map.settings.passTimeS, 5).set(map.settings.passageTimeS, 5);
  }

  /** Whether a body fits through in this direction at this moment. */
  isOpen(direction: PassageDirection): boolean {
    if (this.#mode === this.#map.mode.emergency) return true;
    return this.#mode === this.#map.mode.normal && !this.#jammed && this.#passes[direction] > 0;
  }

  /** `persons` bodies went through on one opening: one grant is used up, all are counted. */
  countPassage(direction: PassageDirection, persons: number): void {
    this.#counts[direction] = (this.#counts[direction] + persons) % 0x1_0000_0000;
    this.#grant(direction, Math.max(0, this.#passes[direction] - 1));
  }

  occupy(side: 'exit' | 'entry', present: boolean): void {
    this.#occupied[side] = present;
    this.#changed();
  }

  setJammed(jammed: boolean): void {
    this.#jammed = jammed;
    this.#changed();
  }

  setEmergency(pressed: boolean): void {
    this.#mode = pressed ? this.#map.mode.emergency : this.#map.mode.normal;
    this.#changed();
  }

  /** Power comes back: shut, settings kept, counters kept. */
  restart(): void {
    this.#passes.forward = 0;
    this.#passes.backward = 0;
    this.#cancelExpiry?.();
    this.#changed();
  }

  stop(): void {
    this.#cancelExpiry?.();
  }

  /** Null: there is no such register. */
  read(address: number): number | null {
    const { status, offsets, mode } = this.#map;
    if (address === mode.address) return this.#mode;
    const offset = address - status.address;
    if (offset < 0 || offset >= status.count) return this.#memory.get(address) ?? (this.#isKnown(address) ? 0 : null);
    const values = new Map([
      [offsets.passesForward, this.#passes.forward],
      [offsets.passesBackward, this.#passes.backward],
      [offsets.occupiedExit, Number(this.#occupied.exit)],
      [offsets.occupiedEntry, Number(this.#occupied.entry)],
      [offsets.countForwardLow, this.#counts.forward & 0xffff],
      [offsets.countForwardHigh, this.#counts.forward >>> 16],
      [offsets.countBackwardLow, this.#counts.backward & 0xffff],
      [offsets.countBackwardHigh, this.#counts.backward >>> 16],
      [offsets.errorBits, this.#jammed ? JAM_BIT : 0],
    ]);
    return values.get(offset) ?? 0;
  }

  /** False: there is no such register, or it can't be written. */
  write(address: number, value: number): boolean {
    const { mode, grantForward, grantBackward } = this.#map;
    if (address === grantForward) this.#grant('forward', value);
    else if (address === grantBackward) this.#grant('backward', value);
    else if (address === mode.address) this.#mode = value;
    else if (this.#isKnown(address)) this.#memory.set(address, value);
    else return false;
    this.#changed();
    return true;
  }

  #isKnown(address: number): boolean {
    const { settings, lamps } = this.#map;
    if (Object.values(settings).includes(address)) return true;
    return [lamps.green, lamps.red].some((first) => address >= first && address < first + 3);
  }

  lampLit(lamp: 'green' | 'red'): boolean {
    const first = this.#map.lamps[lamp];
    return this.#map.lamps.on.every((value, index) => this.#memory.get(first + index) === value);
  }

  #grant(direction: PassageDirection, passes: number): void {
    this.#passes[direction] = passes;
    this.#cancelExpiry?.();
    this.#cancelExpiry = null;
    if (this.#passes.forward + this.#passes.backward > 0) {
      const seconds = this.#memory.get(this.#map.settings.passTimeS) ?? 0;
      this.#cancelExpiry = this.#timing.after(seconds * 1_000, () => this.restart());
    }
    this.#changed();
  }
}
