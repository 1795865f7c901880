import { ELYCTIS_CONTINUOUS, elyctisDocument } from '../protocol/elyctis.ts';
import { HONEYWELL_TRIGGER, honeywellReply } from '../protocol/honeywell.ts';
import { newlandReply } from '../protocol/newland.ts';
import { ascii } from '../protocol/scanner-dialect.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { PtyPort } from './pty-port.ts';

export type ScannerMake = 'elyctis' | 'newland' | 'honeywell';

interface Behaviour {
  /** What it answers to bytes from the lane, and whether they make it read. */
  hear(bytes: Uint8Array): { readonly reply: Uint8Array | null; readonly reads: boolean };
  /** How it sends a document. */
  document(lines: readonly string[]): Uint8Array;
  /** Whether it has to be told again after each document. */
  readonly readsOnce: boolean;
}

const startsWith = (bytes: Uint8Array, prefix: readonly number[]): boolean =>
  prefix.every((byte, index) => bytes[index] === byte);

const BEHAVIOURS: Record<ScannerMake, Behaviour> = {
  elyctis: {
    hear: (bytes) => ({
      reply: bytes[0] === ELYCTIS_CONTINUOUS ? bytes : null,
      reads: bytes[0] === ELYCTIS_CONTINUOUS && bytes[3] === 1,
    }),
    document: elyctisDocument,
    readsOnce: true,
  },
  newland: {
    hear: (bytes) =>
      startsWith(bytes, [0x7e, 0x01])
        ? { reply: newlandReply(bytes, true), reads: true }
        : { reply: null, reads: false },
    document: (lines) => ascii(lines.map((line) => `${line}\r\n`).join('')),
    readsOnce: false,
  },
  honeywell: {
    hear: (bytes) => {
      // The trigger may come in the same read as the command before it.
      const reads = startsWith(bytes.subarray(-3), [...HONEYWELL_TRIGGER]);
      const command = reads ? bytes.subarray(0, -3) : bytes;
      return { reply: startsWith(command, [0x16, 0x4d, 0x0d]) ? honeywellReply(command, true) : null, reads };
    },
    document: (lines) => ascii(lines.join('\r')),
    readsOnce: true,
  },
};

/** A document scanner that reads only when it was told to. */
export class CommandedScannerSimulator {
  readonly #behaviour: Behaviour;
  readonly #port: PtyPort;
  #reading = false;
  /** What lies on the glass and was not read yet. */
  #unread: Uint8Array | null = null;

  constructor(make: ScannerMake, linkPath: string | null) {
    this.#behaviour = BEHAVIOURS[make];
    this.#port = new PtyPort(linkPath, (bytes) => this.#heard(bytes));
    this.#port.plug();
  }

  get path(): string {
    return this.#port.path;
  }

  presentDocument(lines: readonly string[]): void {
    this.presentBytes(this.#behaviour.document(lines));
  }

  /** Raw bytes, in whatever state the scanner is. */
  presentBytes(bytes: Uint8Array): void {
    this.#unread = bytes;
    this.#readIfTold();
  }

  unplug(): void {
    if (!this.#port.plugged) throw new ImpossibleAct('the scanner is not plugged in');
    this.#port.unplug();
    this.#reading = false;
  }

  replug(): void {
    if (this.#port.plugged) throw new ImpossibleAct('the scanner is plugged in');
    this.#port.plug();
  }

  close(): void {
    this.#port.close();
  }

  #heard(bytes: Uint8Array): void {
    const { reply, reads } = this.#behaviour.hear(bytes);
    if (reply !== null) this.#port.send(reply);
    if (reads) this.#reading = true;
    this.#readIfTold();
  }

  #readIfTold(): void {
    if (!this.#reading || this.#unread === null) return;
    this.#port.send(this.#unread);
    this.#unread = null;
    if (this.#behaviour.readsOnce) this.#reading = false;
  }
}
