import type { Timing } from '../ports/timing.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { type ChipInField, type Pn532Delays, Pn532Model } from './pn532-model.ts';
import { PtyPort } from './pty-port.ts';

export interface Pn532SimulatorOptions extends Pn532Delays {
  readonly linkPath: string | null;
  readonly timing: Timing;
}

/** A PN532 at the far end of a serial cable. */
export class Pn532Simulator {
  readonly #model: Pn532Model;
  readonly #port: PtyPort;

  constructor(options: Pn532SimulatorOptions) {
    this.#model = new Pn532Model(options.timing, options, (bytes) => this.#port.send(bytes));
    this.#port = new PtyPort(options.linkPath, (bytes) => this.#model.received(bytes));
    this.#port.plug();
  }

  get path(): string {
    return this.#port.path;
  }

  get chipPresent(): boolean {
    return this.#model.chipPresent;
  }

  /** Somebody holds a chip into the field. */
  presentChip(chip: ChipInField): void {
    this.#model.presentChip(chip);
  }

  removeChip(): void {
    this.#model.removeChip();
  }

  unplug(): void {
    if (!this.#port.plugged) throw new ImpossibleAct('the reader is not plugged in');
    this.#port.unplug();
    this.#model.powerDown();
  }

  replug(): void {
    if (this.#port.plugged) throw new ImpossibleAct('the reader is plugged in');
    this.#port.plug();
  }

  close(): void {
    this.#model.powerDown();
    this.#port.close();
  }
}
