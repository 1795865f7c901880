import { FakeHid } from '../transport/fake-hid.ts';
import { FakeLink } from '../transport/fake-link.ts';
import type { FaultyWire } from './fault-matrix.contract.ts';

/** The driver's end is `link`; the device hears through `onHeard` and speaks by `fromDevice`. */
export class SerialWire implements FaultyWire {
  readonly link = new FakeLink();
  toHost: FaultyWire['toHost'] = (bytes) => [bytes];
  toDevice: FaultyWire['toDevice'] = (bytes) => [bytes];
  onHeard: (bytes: Uint8Array) => void = () => {};
  /** The device loses its power with the cable. */
  onUnplug: () => void = () => {};

  constructor() {
    this.link.reaction = (heard) => {
      for (const bytes of this.toDevice(heard)) this.onHeard(bytes);
      this.link.takeHeard();
      return null;
    };
  }

  fromDevice(bytes: Uint8Array): void {
    this.link.say(...this.toHost(bytes));
  }

  say(bytes: Uint8Array): void {
    this.link.say(bytes);
  }

  unplug(): void {
    this.link.unplug();
    this.onUnplug();
  }

  plug(): void {
    this.link.plug();
  }
}

/** The same for a HID device: what is said are reports. */
export class HidWire implements FaultyWire {
  readonly hid = new FakeHid();
  toHost: FaultyWire['toHost'] = (bytes) => [bytes];
  toDevice: FaultyWire['toDevice'] = (bytes) => [bytes];
  onUnplug: () => void = () => {};
  onHeard: (report: Uint8Array) => void = () => {};
  /** The state that a feature read asks for. */
  state: () => Uint8Array = () => new Uint8Array(0);

  constructor() {
    const hear = (report: Uint8Array): void => {
      for (const bytes of this.toDevice(report)) this.onHeard(bytes);
    };
    this.hid.onReport = hear;
    this.hid.onFeature = hear;
    this.hid.feature = () => this.toHost(this.state())[0];
  }

  fromDevice(report: Uint8Array): void {
    for (const bytes of this.toHost(report)) this.hid.say(bytes);
  }

  say(report: Uint8Array): void {
    this.hid.say(report);
  }

  unplug(): void {
    this.hid.unplug();
    this.onUnplug();
  }

  plug(): void {
    this.hid.plug();
  }
}
