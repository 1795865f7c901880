import type { Timing } from '../ports/timing.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { PtyPort } from './pty-port.ts';
import { ViscaModel } from './visca-model.ts';

export interface ViscaSimulatorOptions {
  readonly linkPath: string | null;
  readonly timing: Timing;
  readonly moveMs: number;
}

/** A camera mount at the far end of a serial cable. */
export class ViscaSimulator {
  readonly #model: ViscaModel;
  readonly #port: PtyPort;

  constructor({ linkPath, timing, moveMs }: ViscaSimulatorOptions) {
    this.#model = new ViscaModel(timing, moveMs, (bytes) => this.#port.send(bytes));
    this.#port = new PtyPort(linkPath, (bytes) => this.#model.received(bytes));
    this.#port.plug();
  }

  get path(): string {
    return this.#port.path;
  }

  /** Steps above the horizon. */
  get tilt(): number {
    return this.#model.tilt;
  }

  jam(): void {
    this.#model.jam(true);
  }

  unjam(): void {
    this.#model.jam(false);
  }

  unplug(): void {
    if (!this.#port.plugged) throw new ImpossibleAct('the mount is not plugged in');
    this.#port.unplug();
    this.#model.powerDown();
  }

  replug(): void {
    if (this.#port.plugged) throw new ImpossibleAct('the mount is plugged in');
    this.#port.plug();
  }

  close(): void {
    this.#model.powerDown();
    this.#port.close();
  }
}
