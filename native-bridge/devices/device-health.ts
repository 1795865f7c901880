import type { LostReason } from '../ports/device-error.ts';
import { EventHub, type EventSource, type Unsubscribe } from '../ports/event-source.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import { LatencyHistogram, type LatencySummary } from './latency-histogram.ts';

/** `flapping`: it comes and goes; out of service until it was steady for a while, although it may be there at this moment. */
export type DeviceState = 'starting' | 'ready' | 'lost' | 'flapping' | 'closed';

export interface FlapRule {
  /** So many losses within `windowMs` are flapping. */
  readonly losses: number;
  readonly windowMs: number;
  /** Ready without a loss for this long ends it. */
  readonly steadyMs: number;
}

export const FLAP_RULE: FlapRule = { losses: 4, windowMs: 60_000, steadyMs: 30_000 };

export interface HealthReport {
  readonly device: string;
  readonly state: DeviceState;
  /** Why it is not there; null while it is. */
  readonly reason: LostReason | null;
  readonly timesReady: number;
  readonly timesLost: number;
  /** Problems that were no loss: unreadable documents, faults. */
  readonly problems: number;
  /** Milliseconds since the device last said anything; null when it never did. */
  readonly quietForMs: number | null;
  readonly latency: LatencySummary;
}

export interface HealthChange {
  readonly device: string;
  readonly state: DeviceState;
  readonly reason: LostReason | null;
}

type AnyDeviceEvent = { readonly type: string; readonly reason?: LostReason };

/** Watches one device by its events; knows nothing of what it does. */
export class DeviceHealth implements EventSource<HealthChange> {
  readonly device: string;
  /** How long its commands take; a driver that times them itself brings its own. */
  readonly latency: LatencyHistogram;
  readonly #timing: Timing;
  readonly #rule: FlapRule;
  readonly #changes = new EventHub<HealthChange>();
  #state: DeviceState = 'starting';
  #reason: LostReason | null = null;
  #present = false;
  #timesReady = 0;
  #timesLost = 0;
  #problems = 0;
  #lastHeardAt: number | null = null;
  /** When it was lost, newest last; never more than the rule looks at. */
  #lossesAt: number[] = [];
  #cancelSteady: Cancel = () => {};

  constructor(
    device: string,
    source: EventSource<AnyDeviceEvent>,
    timing: Timing,
    rule: FlapRule = FLAP_RULE,
    latency: LatencyHistogram = new LatencyHistogram(),
  ) {
    this.device = device;
    this.latency = latency;
    this.#timing = timing;
    this.#rule = rule;
    source.subscribe((event) => this.#heard(event));
  }

  /** Whether the lane may rely on it. */
  get inService(): boolean {
    return this.#state === 'ready';
  }

  subscribe(listener: (change: HealthChange) => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  get report(): HealthReport {
    return {
      device: this.device,
      state: this.#state,
      reason: this.#reason,
      timesReady: this.#timesReady,
      timesLost: this.#timesLost,
      problems: this.#problems,
      quietForMs: this.#lastHeardAt === null ? null : this.#timing.now() - this.#lastHeardAt,
      latency: this.latency.summary,
    };
  }

  closed(): void {
    this.#cancelSteady();
    this.#enter('closed', null);
  }

  #heard(event: AnyDeviceEvent): void {
    this.#lastHeardAt = this.#timing.now();
    if (event.type === 'ready') this.#onReady();
    else if (event.type === 'lost') this.#onLost(event.reason ?? 'unplugged');
    else if (event.type === 'readProblem' || event.type === 'fault') this.#problems += 1;
  }

  #onReady(): void {
    this.#present = true;
    this.#timesReady += 1;
    if (this.#state !== 'flapping') {
      this.#enter('ready', null);
      return;
    }
    this.#cancelSteady();
    this.#cancelSteady = this.#timing.after(this.#rule.steadyMs, () => {
      this.#lossesAt = [];
      if (this.#present) this.#enter('ready', null);
    });
  }

  #onLost(reason: LostReason): void {
    const wasPresent = this.#present;
    this.#present = false;
    this.#cancelSteady();
    const now = this.#timing.now();
    // What is looked for and not found again and again is lost once; only coming and going is flapping.
    if (wasPresent || this.#timesLost === 0) {
      this.#timesLost += 1;
      this.#lossesAt = [...this.#lossesAt, now].slice(-this.#rule.losses);
    }
    const oldest = this.#lossesAt[0] ?? now;
    const flaps = this.#lossesAt.length === this.#rule.losses && now - oldest <= this.#rule.windowMs;
    if (flaps || this.#state === 'flapping') this.#enter('flapping', 'flapping');
    else this.#enter('lost', reason);
  }

  #enter(state: DeviceState, reason: LostReason | null): void {
    if (this.#state === state && this.#reason === reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#changes.emit({ device: this.device, state, reason });
  }
}
