import { CommandedScannerModel, type ScannerMake } from './commanded-scanner-model.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { PtyPort } from './pty-port.ts';

/** A document scanner that reads only when it was told to, at the far end of a serial cable. */
export class CommandedScannerSimulator {
  readonly #model: CommandedScannerModel;
  readonly #port: PtyPort;

  constructor(make: ScannerMake, linkPath: string | null) {
    this.#model = new CommandedScannerModel(make, (bytes) => this.#port.send(bytes));
    this.#port = new PtyPort(linkPath, (bytes) => this.#model.received(bytes));
    this.#port.plug();
  }

  get path(): string {
    return this.#port.path;
  }

  presentDocument(lines: readonly string[]): void {
    this.#model.presentDocument(lines);
  }

  /** Raw bytes, in whatever state the scanner is. */
  presentBytes(bytes: Uint8Array): void {
    this.#model.presentBytes(bytes);
  }

  unplug(): void {
    if (!this.#port.plugged) throw new ImpossibleAct('the scanner is not plugged in');
    this.#port.unplug();
    this.#model.powerDown();
  }

  replug(): void {
    if (this.#port.plugged) throw new ImpossibleAct('the scanner is plugged in');
    this.#port.plug();
  }

  close(): void {
    this.#port.close();
  }
}
