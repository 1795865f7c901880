import { ascii, type ScannerDialect, type ScannerSplitter, type ScannerToken } from './scanner-dialect.ts';

/**
 * Honeywell imagers with OCR: `16 4D 0D` + command + `!` (until power-off) or `.` (kept); the reply repeats the command and puts 06
 * done, 15 not possible or 05 unknown before the mark. `16 54 0D` reads, `16 55 0D` stops. Passports come as 89 bytes, TD1 as 92:
 * lines with one separator between and none behind.
 */
const MENU = [0x16, 0x4d, 0x0d];
export const HONEYWELL_TRIGGER = Uint8Array.of(0x16, 0x54, 0x0d);
/** Asks for the firmware's name: harmless, and answered by every model. */
const QUERY = 'REVINF';
const STATUS = new Map([
  [0x06, true],
  [0x15, false],
  [0x05, false],
]);
const MARKS = new Set(['!'.charCodeAt(0), '.'.charCodeAt(0)]);

export function encodeHoneywell(command: string): Uint8Array {
  return Uint8Array.of(...MENU, ...ascii(command));
}

/** `command`: with its mark, as `REVINF.` */
export function honeywellReply(command: Uint8Array, accepted: boolean): Uint8Array {
  const body = command.subarray(MENU.length);
  return Uint8Array.of(...body.subarray(0, -1), accepted ? 0x06 : 0x15, ...body.subarray(-1));
}

/** A reply is plain text up to its status byte, so text is held back until it is known not to be one: at a line's end, or in silence. */
class HoneywellSplitter implements ScannerSplitter {
  #held: number[] = [];
  #status: boolean | null = null;

  push(chunk: Uint8Array): ScannerToken[] {
    const tokens: ScannerToken[] = [];
    for (const byte of chunk) this.#take(byte, tokens);
    // An MRZ line is longer than any reply up to its status, and never waits.
    if (this.#held.length > MAX_REPLY) this.#release(tokens);
    return tokens;
  }

  idle(): ScannerToken[] {
    const tokens: ScannerToken[] = [];
    this.#release(tokens);
    return tokens;
  }

  #take(byte: number, tokens: ScannerToken[]): void {
    const accepted = this.#status;
    this.#held.push(byte);
    this.#status = STATUS.get(byte) ?? null;
    if (accepted === null || !MARKS.has(byte)) return;
    // The reply begins with our command; what stands before it is the end of a document.
    const begin = String.fromCharCode(...this.#held).lastIndexOf(QUERY);
    if (begin === -1) return;
    const text = this.#held.splice(0, begin);
    if (text.length > 0) tokens.push({ type: 'text', bytes: Uint8Array.from(text) });
    tokens.push({ type: 'reply', accepted });
    this.#held = [];
  }

  #release(tokens: ScannerToken[]): void {
    if (this.#held.length > 0) tokens.push({ type: 'text', bytes: Uint8Array.from(this.#held) });
    this.#held = [];
    this.#status = null;
  }
}

/** `REVINF.` answers with some lines about the firmware; what stands before the status belongs to the reply. */
const MAX_REPLY = 1_024;

export const HONEYWELL: ScannerDialect = {
  name: 'Honeywell imager with OCR',
  baudRate: 115_200,
  arm: [encodeHoneywell(`${QUERY}.`)],
  trigger: HONEYWELL_TRIGGER,
  armAfterRead: true,
  betweenCommandsMs: 0,
  replyTimeoutMs: 600,
  attempts: 4,
  createSplitter: () => new HoneywellSplitter(),
};
