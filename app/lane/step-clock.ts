import type { CrossingDelays } from '../domain/crossing/delays.ts';
import { type CrossingSnapshot, travellerDelay } from '../domain/crossing/step.ts';
import type { Clock } from './clock.ts';

const SECOND_MS = 1_000;
/** A timer may fire this much before its time: a warning must not be missed for it. */
const TIMER_EARLY_MS = 2;
/** Never more of a step is spent warning than this share of it. */
const LARGEST_SHARE = 0.5;

/**
 * How long the traveller still has in the step under way: told once a second, and only when the end is near, so that nobody is
 * shut out without having been warned (EN 301 549, time-outs).
 */
export class StepClock {
  readonly #clock: Clock;
  readonly #delays: CrossingDelays;
  readonly #warningMs: number;
  readonly #onTick: () => void;
  #key = '';
  #endsAtMs: number | null = null;
  #warnFromMs = 0;
  #stop: (() => void) | null = null;

  constructor(clock: Clock, delays: CrossingDelays, warningMs: number, onTick: () => void) {
    this.#clock = clock;
    this.#delays = delays;
    this.#warningMs = warningMs;
    this.#onTick = onTick;
  }

  /** To be told each change of the crossing: a step that begins, or begins anew with more time. */
  changed(snapshot: CrossingSnapshot): void {
    const name = snapshot.status === 'active' ? travellerDelay(snapshot) : null;
    const key = `${name} ${snapshot.context.extensions}`;
    if (key === this.#key) return;
    this.#key = key;
    this.end();
    if (name === null) return;
    const nowMs = this.#clock.monotonicMs();
    this.#endsAtMs = nowMs + this.#delays[name];
    this.#warnFromMs = this.#endsAtMs - Math.min(this.#warningMs, this.#delays[name] * LARGEST_SHARE);
    this.#tickAt(this.#warnFromMs);
  }

  /** Whole seconds, rounded up; null while there is time enough, or nobody is waited for. */
  get warnSecondsLeft(): number | null {
    if (this.#endsAtMs === null) return null;
    const nowMs = this.#nowMs();
    return nowMs < this.#warnFromMs ? null : Math.max(0, Math.ceil((this.#endsAtMs - nowMs) / SECOND_MS));
  }

  end(): void {
    this.#stop?.();
    this.#stop = null;
    this.#endsAtMs = null;
  }

  #nowMs(): number {
    return this.#clock.monotonicMs() + TIMER_EARLY_MS;
  }

  #tickAt(atMs: number): void {
    this.#stop = this.#clock.after(Math.max(0, atMs - this.#clock.monotonicMs()), () => {
      this.#onTick();
      const endsAtMs = this.#endsAtMs;
      if (endsAtMs === null) return;
      const leftMs = endsAtMs - this.#nowMs();
      // To the next whole second before the end.
      if (leftMs > 0) this.#tickAt(endsAtMs - Math.floor((leftMs - 1) / SECOND_MS) * SECOND_MS);
    });
  }
}
