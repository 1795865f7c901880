import type { Timing } from '../ports/timing.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { PtyPort } from './pty-port.ts';
import { type Position, RealSenseIdModel, type Sight } from './realsense-id-model.ts';

export interface RealSenseIdSimulatorOptions {
  readonly linkPath: string | null;
  readonly timing: Timing;
  /** How long the camera looks before it says what it saw. */
  readonly lookMs: number;
}

/** A RealSense ID camera at the far end of a serial cable. */
export class RealSenseIdSimulator {
  readonly #model: RealSenseIdModel;
  readonly #port: PtyPort;

  constructor({ linkPath, timing, lookMs }: RealSenseIdSimulatorOptions) {
    this.#model = new RealSenseIdModel(timing, lookMs, (bytes) => this.#port.send(bytes));
    this.#port = new PtyPort(linkPath, (bytes) => this.#model.received(bytes));
    this.#port.plug();
  }

  get path(): string {
    return this.#port.path;
  }

  get sight(): Sight {
    return this.#model.sight;
  }

  present(sight: Exclude<Sight, 'nobody'>, position: Position = 'centred'): void {
    this.#model.present(sight, position);
  }

  moveTo(position: Position): void {
    this.#model.moveTo(position);
  }

  leave(): void {
    this.#model.leave();
  }

  unplug(): void {
    if (!this.#port.plugged) throw new ImpossibleAct('the camera is not plugged in');
    this.#port.unplug();
    this.#model.powerDown();
  }

  replug(): void {
    if (this.#port.plugged) throw new ImpossibleAct('the camera is plugged in');
    this.#port.plug();
  }

  close(): void {
    this.#model.powerDown();
    this.#port.close();
  }
}
