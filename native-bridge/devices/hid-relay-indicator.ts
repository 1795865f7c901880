import { err, ok, type Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from '../ports/device-error.ts';
import { EventHub, type EventSource, type Unsubscribe } from '../ports/event-source.ts';
import type { Indicator } from '../ports/indicator.ts';
import type { Lamp } from '../ports/lane-controller.ts';
import type { Timing } from '../ports/timing.ts';
import { ALL_RELAYS_OFF, HID_RELAY_REPORT, relayCommand, relayStates } from '../protocol/hid-relay.ts';
import { Exclusive } from '../transport/exclusive.ts';
import type { HidLink, HidOpener } from '../transport/hid-link.ts';
import { LINK_DELAYS, ResilientLink, type ResilientLinkDelays } from '../transport/resilient-link.ts';

export interface HidRelayIndicatorOptions {
  readonly opener: HidOpener;
  readonly timing: Timing;
  /** Which relays switch the red and the green lamp, from 1. */
  readonly redRelay: number;
  readonly greenRelay: number;
  readonly linkDelays?: ResilientLinkDelays;
}

export type IndicatorEvent = { readonly type: 'ready' } | { readonly type: 'lost'; readonly reason: LostReason };

/**
 * Lamps on a USB HID relay board. Doors are not: such a relay stays as it was when the lane's computer dies, and it knows of no
 * passage, so a door on it would break two guarantees at once (a door shuts by itself; a passage is confirmed by a sensor).
 */
export class HidRelayIndicator implements Indicator, EventSource<IndicatorEvent> {
  readonly #options: HidRelayIndicatorOptions;
  readonly #events = new EventHub<IndicatorEvent>();
  readonly #link: ResilientLink;
  readonly #exclusive = new Exclusive(8);
  #hid: HidLink | null = null;
  /** What was asked for last; shown again when the board comes back. */
  #wanted: Lamp = 'off';

  constructor(options: HidRelayIndicatorOptions) {
    this.#options = options;
    const { opener, timing, linkDelays = LINK_DELAYS } = options;
    const remembering: HidOpener = {
      name: opener.name,
      open: async (sink) => {
        const opened = await opener.open(sink);
        this.#hid = opened.ok ? opened.value : null;
        return opened;
      },
    };
    this.#link = new ResilientLink(remembering, timing, linkDelays, {
      up: () => void this.#comeBack(),
      received: () => {},
      down: (reason) => {
        this.#hid = null;
        this.#events.emit({ type: 'lost', reason });
      },
    });
  }

  subscribe(listener: (event: IndicatorEvent) => void): Unsubscribe {
    return this.#events.subscribe(listener);
  }

  start(): void {
    this.#link.start();
  }

  show(lamp: Lamp): Promise<Result<void, DeviceError>> {
    this.#wanted = lamp;
    return this.#exclusive.run(() => this.#switch(lamp));
  }

  async close(): Promise<void> {
    await this.#exclusive.run(async () => {
      await this.#hid?.sendFeature(ALL_RELAYS_OFF);
      return ok();
    });
    await this.#link.close();
  }

  async #comeBack(): Promise<void> {
    const shown = await this.show(this.#wanted);
    if (shown.ok) this.#events.emit({ type: 'ready' });
    else this.#link.drop('silent');
  }

  /** Switches, then reads back: the board takes every report and says nothing, so only its state tells whether it obeyed. */
  async #switch(lamp: Lamp): Promise<Result<void, DeviceError>> {
    const hid = this.#hid;
    if (hid === null) return err({ code: 'deviceLost', reason: 'unplugged' });
    const { redRelay, greenRelay } = this.#options;
    const red = lamp === 'red' || lamp === 'amber';
    const green = lamp === 'green' || lamp === 'amber';
    for (const report of [relayCommand(redRelay, red), relayCommand(greenRelay, green)]) {
      const sent = await hid.sendFeature(report);
      if (!sent.ok) return err({ code: 'deviceLost', reason: 'writeFailed' });
    }
    const report = await hid.getFeature(1, HID_RELAY_REPORT);
    const states = report.ok ? relayStates(report.value) : null;
    if (states === null) return err({ code: 'deviceGarbled' });
    return states.on[redRelay - 1] === red && states.on[greenRelay - 1] === green
      ? ok()
      : err({ code: 'deviceRejected', detail: 0 });
  }
}
