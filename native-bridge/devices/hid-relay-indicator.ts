import { err, ok, type Result } from '../../app/contract/result.ts';
import type { DeviceError } from '../ports/device-error.ts';
import { EventHub, type Unsubscribe } from '../ports/event-source.ts';
import type { Indicator, IndicatorEvent } from '../ports/indicator.ts';
import type { Lamp } from '../ports/lane-controller.ts';
import type { Cancel, Timing } from '../ports/timing.ts';
import { HID_RELAY_REPORT, relayCommand, relayStates } from '../protocol/hid-relay.ts';
import { Exclusive } from '../transport/exclusive.ts';
import type { HidLink, HidOpener } from '../transport/hid-link.ts';
import { LINK_DELAYS, ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';
import { LatencyHistogram } from './latency-histogram.ts';

export interface HidRelayIndicatorOptions {
  readonly opener: HidOpener;
  readonly timing: Timing;
  /** Which relays switch the red and the green lamp, from 1. */
  readonly redRelay: number;
  readonly greenRelay: number;
  readonly answerTimeoutMs?: number;
  /** How often the board is asked whether its lamps are still as they should be. */
  readonly heartbeatMs?: number;
  readonly linkDelays?: ResilientLinkDelays;
}

/**
 * Lamps on a USB HID relay board. Doors are not: such a relay stays as it was when the lane's computer dies, and it knows of no
 * passage, so a door on it would break two guarantees at once (a door shuts by itself; a passage is confirmed by a sensor).
 */
export class HidRelayIndicator implements Indicator {
  readonly #options: HidRelayIndicatorOptions;
  readonly #answerTimeoutMs: number;
  readonly #heartbeatMs: number;
  readonly #events = new EventHub<IndicatorEvent>();
  readonly #link: ResilientLink;
  readonly #exclusive = new Exclusive(8);
  /** How long the lamps took to be switched, those that failed as well. */
  readonly latency = new LatencyHistogram();
  #hid: HidLink | null = null;
  /** What was asked for last; shown again when the board comes back. */
  #wanted: Lamp = 'off';
  #ready = false;
  #toldLost = false;
  #closed = false;
  #cancelHeartbeat: Cancel = () => {};

  constructor(options: HidRelayIndicatorOptions) {
    this.#options = options;
    const { opener, timing, answerTimeoutMs = 500, heartbeatMs = 2_000, linkDelays = LINK_DELAYS } = options;
    this.#answerTimeoutMs = answerTimeoutMs;
    this.#heartbeatMs = heartbeatMs;
    const remembering: HidOpener = {
      name: opener.name,
      open: async (sink) => {
        const opened = await opener.open(sink);
        this.#hid = opened.ok ? opened.value : null;
        return opened;
      },
    };
    this.#link = new ResilientLink(remembering, timing, linkDelays, {
      up: () => void this.#look(),
      received: () => {},
      down: (reason) => {
        this.#cancelHeartbeat();
        this.#hid = null;
        this.#ready = false;
        if (!this.#toldLost) this.#events.emit({ type: 'lost', reason });
        this.#toldLost = true;
      },
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  subscribe(listener: (event: IndicatorEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#link.start();
  }

  show(lamp: Lamp): Promise<Result<void, DeviceError>> {
    this.#wanted = lamp;
    const { timing } = this.#options;
    const startedAt = timing.now();
    return this.#unlessClosed(lamp).finally(() => this.latency.add(timing.now() - startedAt));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ready = false;
    this.#cancelHeartbeat();
    // A relay keeps what it was told: what it shows from here on is what a lane that has ended shows.
    await this.#exclusive.run(() => this.#switch('red'));
    await this.#link.close();
  }

  /** When it comes up and as its heartbeat: shows what is wanted, and thereby proves that the board is there. */
  async #look(): Promise<void> {
    this.#cancelHeartbeat();
    const shown = await this.#unlessClosed(this.#wanted);
    if (this.#closed || this.#hid === null) return;
    if (!shown.ok) {
      this.#link.drop(shown.error.code === 'deviceTimeout' ? 'silent' : 'garbled');
      return;
    }
    if (!this.#ready) {
      this.#ready = true;
      this.#toldLost = false;
      this.#events.emit({ type: 'ready' });
    }
    this.#cancelHeartbeat = this.#options.timing.after(this.#heartbeatMs, () => void this.#look());
  }

  /** Nothing asked for before follows the red of `close`. */
  #unlessClosed(lamp: Lamp): Promise<Result<void, DeviceError>> {
    return this.#exclusive.run(() =>
      this.#closed ? Promise.resolve(err({ code: 'deviceClosed' })) : this.#switch(lamp),
    );
  }

  /** Switches, then reads back: the board takes every report and says nothing, so only its state tells whether it obeyed. */
  async #switch(lamp: Lamp): Promise<Result<void, DeviceError>> {
    const hid = this.#hid;
    if (hid === null) return err({ code: 'deviceLost', reason: 'unplugged' });
    const { redRelay, greenRelay } = this.#options;
    const red = lamp === 'red' || lamp === 'amber';
    const green = lamp === 'green' || lamp === 'amber';
    const switches = [relayCommand(redRelay, red), relayCommand(greenRelay, green)];
    // One relay after the other: green goes out first and comes on last, so that it never shines for a moment on the way.
    for (const report of green ? switches : switches.reverse()) {
      const sent = await this.#withinTime(hid.sendFeature(report));
      if (!sent.ok) return sent;
    }
    const report = await this.#withinTime(hid.getFeature(1, HID_RELAY_REPORT));
    if (!report.ok) return report;
    const states = relayStates(report.value);
    if (states === null) return err({ code: 'deviceGarbled' });
    return states.on[redRelay - 1] === red && states.on[greenRelay - 1] === green
      ? ok()
      : err({ code: 'deviceRejected', detail: 0 });
  }

  /** A board that hangs in the middle of a transfer must not keep the lamps' queue. */
  #withinTime<T>(transfer: Promise<Result<T, unknown>>): Promise<Result<T, DeviceError>> {
    const timeoutMs = this.#answerTimeoutMs;
    return new Promise((resolve) => {
      const cancel = this.#options.timing.after(timeoutMs, () => resolve(err({ code: 'deviceTimeout', timeoutMs })));
      void transfer.then((done) => {
        cancel();
        resolve(done.ok ? done : err({ code: 'deviceLost', reason: 'writeFailed' }));
      });
    });
  }
}
