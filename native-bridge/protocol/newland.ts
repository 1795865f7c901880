import { ascii, type ScannerDialect, type ScannerSplitter, type ScannerToken } from './scanner-dialect.ts';

/**
 * Newland engines, serial programming: `7E 01 30 30 30 30`, `40` (kept) or `23` (until power-off), command, `3B 03`; the reply is
 * `02 01 30 30 30 30`, the same, then 06 done, 15 not possible or 05 unknown, `3B 03`. Documents come as plain lines.
 */
const FROM_HOST = [0x7e, 0x01, 0x30, 0x30, 0x30, 0x30];
const FROM_SCANNER = [0x02, 0x01, 0x30, 0x30, 0x30, 0x30];
const TAIL = [0x3b, 0x03];
const UNTIL_POWER_OFF = 0x23;
const DONE = 0x06;
const MAX_REPLY = 128;

export function encodeNewland(command: string): Uint8Array {
  return Uint8Array.of(...FROM_HOST, UNTIL_POWER_OFF, ...ascii(command), ...TAIL);
}

export function newlandReply(command: Uint8Array, accepted: boolean): Uint8Array {
  const body = command.subarray(FROM_HOST.length, command.length - TAIL.length);
  return Uint8Array.of(...FROM_SCANNER, ...body, accepted ? DONE : 0x15, ...TAIL);
}

class NewlandSplitter implements ScannerSplitter {
  /** Bytes that may be, or are, a reply. */
  #held: number[] = [];

  push(chunk: Uint8Array): ScannerToken[] {
    const tokens: ScannerToken[] = [];
    const text: number[] = [];
    for (const byte of chunk) this.#take(byte, text, tokens);
    flushText(text, tokens);
    return tokens;
  }

  idle(): ScannerToken[] {
    const tokens: ScannerToken[] = [];
    // What only began like a reply belongs to the document stream, where it is counted.
    if (this.#held.length > 0) tokens.push({ type: 'text', bytes: Uint8Array.from(this.#held) });
    this.#held = [];
    return tokens;
  }

  #take(byte: number, text: number[], tokens: ScannerToken[]): void {
    this.#held.push(byte);
    const { length } = this.#held;
    const isPrefix = length > FROM_SCANNER.length || byte === FROM_SCANNER[length - 1];
    if (!isPrefix || length > MAX_REPLY) {
      // The byte that broke it may begin a reply itself.
      const released = this.#held.splice(0);
      const again = released.length > 1 && byte === FROM_SCANNER[0] ? released.pop() : undefined;
      text.push(...released);
      if (again !== undefined) this.#take(again, text, tokens);
      return;
    }
    if (length < FROM_SCANNER.length + 3 || this.#held[length - 2] !== TAIL[0] || byte !== TAIL[1]) return;
    flushText(text, tokens);
    tokens.push({ type: 'reply', accepted: this.#held[length - 3] === DONE });
    this.#held = [];
  }
}

function flushText(text: number[], tokens: ScannerToken[]): void {
  if (text.length > 0) tokens.push({ type: 'text', bytes: Uint8Array.from(text.splice(0)) });
}

export const NEWLAND: ScannerDialect = {
  name: 'Newland OCR engine',
  baudRate: 9_600,
  // Sense mode: it reads by itself when something is laid on it.
  arm: [encodeNewland('SCNMOD2')],
  trigger: null,
  armAfterRead: false,
  betweenCommandsMs: 50,
  // 5 s in all, as its manual grants.
  replyTimeoutMs: 650,
  attempts: 7,
  createSplitter: () => new NewlandSplitter(),
};
