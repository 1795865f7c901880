import { ELYCTIS_CONTINUOUS, elyctisDocument, encodeElyctis } from '../protocol/elyctis.ts';
import { HONEYWELL_TRIGGER, honeywellReply } from '../protocol/honeywell.ts';
import { newlandReply } from '../protocol/newland.ts';
import { ascii } from '../protocol/scanner-dialect.ts';

export type ScannerMake = 'elyctis' | 'newland' | 'honeywell';

interface Behaviour {
  /** What it answers to a command that it will not do. */
  refuse(command: Uint8Array): Uint8Array;
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
    refuse: () => encodeElyctis(ELYCTIS_CONTINUOUS, Uint8Array.of(0)),
    hear: (bytes) => ({
      reply: bytes[0] === ELYCTIS_CONTINUOUS ? bytes : null,
      reads: bytes[0] === ELYCTIS_CONTINUOUS && bytes[3] === 1,
    }),
    document: elyctisDocument,
    readsOnce: true,
  },
  newland: {
    refuse: (command) => newlandReply(command, false),
    hear: (bytes) =>
      startsWith(bytes, [0x7e, 0x01])
        ? { reply: newlandReply(bytes, true), reads: true }
        : { reply: null, reads: false },
    document: (lines) => ascii(lines.map((line) => `${line}\r\n`).join('')),
    readsOnce: false,
  },
  honeywell: {
    refuse: (command) => honeywellReply(command, false),
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

/** What is inside a document scanner that reads only when it was told to. Bytes of its line in, bytes out by `send`. */
export class CommandedScannerModel {
  readonly #behaviour: Behaviour;
  readonly #send: (bytes: Uint8Array) => void;
  #reading = false;
  /** What lies on the glass and was not read yet. */
  #unread: Uint8Array | null = null;

  constructor(make: ScannerMake, send: (bytes: Uint8Array) => void) {
    this.#behaviour = BEHAVIOURS[make];
    this.#send = send;
  }

  presentDocument(lines: readonly string[]): void {
    this.presentBytes(this.#behaviour.document(lines));
  }

  /** Raw bytes, in whatever state the scanner is. */
  presentBytes(bytes: Uint8Array): void {
    this.#unread = bytes;
    this.#readIfTold();
  }

  refusalOf(command: Uint8Array): Uint8Array {
    return this.#behaviour.refuse(command);
  }

  powerDown(): void {
    this.#reading = false;
  }

  received(bytes: Uint8Array): void {
    const { reply, reads } = this.#behaviour.hear(bytes);
    if (reply !== null) this.#send(reply);
    if (reads) this.#reading = true;
    this.#readIfTold();
  }

  #readIfTold(): void {
    if (!this.#reading || this.#unread === null) return;
    const document = this.#unread;
    this.#unread = null;
    if (this.#behaviour.readsOnce) this.#reading = false;
    this.#send(document);
  }
}
