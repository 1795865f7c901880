import type { Timing } from '../ports/timing.ts';
import { delay } from '../ports/timing.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { PtyPort } from './pty-port.ts';

export interface ScannerSimulatorOptions {
  /** A path that stays the same through unplugging; null makes a temporary one. */
  readonly linkPath: string | null;
  readonly timing: Timing;
  /** From laying the document down to the first byte. */
  readonly readingMs: number;
  readonly lineEnd: '\r' | '\n' | '\r\n';
  /** STX before and ETX after a document. */
  readonly envelope: boolean;
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

/** A document scanner that sends MRZ lines by itself when somebody lays a document on its glass. */
export class LineStreamScannerSimulator {
  readonly #options: ScannerSimulatorOptions;
  readonly #port: PtyPort;
  #documentPresent = false;

  constructor(options: ScannerSimulatorOptions) {
    this.#options = options;
    // Such scanners take no commands; what a driver says to them is lost.
    this.#port = new PtyPort(options.linkPath, () => {});
    this.#port.plug();
  }

  get path(): string {
    return this.#port.path;
  }

  /** Lays a document down; resolves when its lines were sent. One document at a time lies on the glass. */
  async presentDocument(lines: readonly string[]): Promise<void> {
    const { lineEnd, envelope } = this.#options;
    const body = lines.map((line) => line + lineEnd).join('');
    await this.presentBytes(latin1(envelope ? `\x02${body}\x03` : body));
  }

  /** The same with any bytes: a torn page, a foreign script, a broken head. */
  async presentBytes(bytes: Uint8Array): Promise<void> {
    if (this.#documentPresent) throw new ImpossibleAct('a document lies on the glass already');
    this.#documentPresent = true;
    const { timing, readingMs } = this.#options;
    if (readingMs > 0) await delay(timing, readingMs);
    this.#port.send(bytes);
  }

  removeDocument(): void {
    if (!this.#documentPresent) throw new ImpossibleAct('no document lies on the glass');
    this.#documentPresent = false;
  }

  get documentPresent(): boolean {
    return this.#documentPresent;
  }

  unplug(): void {
    if (!this.#port.plugged) throw new ImpossibleAct('the scanner is not plugged in');
    this.#port.unplug();
  }

  replug(): void {
    if (this.#port.plugged) throw new ImpossibleAct('the scanner is plugged in');
    this.#port.plug();
  }

  close(): void {
    this.#port.close();
  }
}
