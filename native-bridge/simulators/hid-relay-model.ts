import { relayReport } from '../protocol/hid-relay.ts';

/** What is inside a USB relay board: feature reports in, its state out. */
export class HidRelayModel {
  readonly #serial: string;
  #bits = 0;

  constructor(serial: string) {
    this.#serial = serial;
  }

  /** Relays are numbered from 1. */
  isOn(relay: number): boolean {
    return ((this.#bits >> (relay - 1)) & 1) === 1;
  }

  powerDown(): void {
    this.#bits = 0;
  }

  /** The state, as a feature read gets it. */
  report(): Uint8Array {
    return relayReport(this.#serial, this.#bits);
  }

  received(report: Uint8Array): void {
    const [, command, relay = 0] = report;
    const mask = relay >= 1 && relay <= 8 ? 1 << (relay - 1) : 0;
    if (command === 0xff) this.#bits |= mask;
    else if (command === 0xfd) this.#bits &= ~mask;
    else if (command === 0xfe) this.#bits = 0xff;
    else if (command === 0xfc) this.#bits = 0;
  }
}
