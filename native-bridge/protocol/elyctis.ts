import { ascii, type ScannerDialect, type ScannerSplitter, type ScannerToken } from './scanner-dialect.ts';

/** Elyctis ID BOX One, Scanner Command Set 1.7: `command lenMSB lenLSB data`, both ways. */
const ELYCTIS_INQUIRE = 0x49;
const ELYCTIS_INQUIRE_ONE_LINE = 0x4c;
export const ELYCTIS_CONTINUOUS = 0x43;

/** Longer than any MRZ with separators; a length beyond is noise. */
const MAX_DATA = 256;
const COMMANDS = new Set([ELYCTIS_INQUIRE, ELYCTIS_INQUIRE_ONE_LINE, ELYCTIS_CONTINUOUS]);

export function encodeElyctis(command: number, data: Uint8Array): Uint8Array {
  return Uint8Array.of(command, data.length >>> 8, data.length & 0xff, ...data);
}

class ElyctisSplitter implements ScannerSplitter {
  #buffer: number[] = [];

  push(chunk: Uint8Array): ScannerToken[] {
    const tokens: ScannerToken[] = [];
    for (const byte of chunk) {
      this.#buffer.push(byte);
      this.#settle(tokens);
    }
    return tokens;
  }

  idle(): ScannerToken[] {
    const bytes = this.#buffer.length;
    this.#buffer = [];
    return bytes === 0 ? [] : [{ type: 'junk', bytes }];
  }

  /** Drops bytes until the buffer starts like a frame, and gives the frame when it is whole. */
  #settle(tokens: ScannerToken[]): void {
    while (this.#buffer.length > 0) {
      const [command = 0, high, low] = this.#buffer;
      const length = high === undefined || low === undefined ? null : high * 256 + low;
      const possible =
        COMMANDS.has(command) &&
        (high === undefined || high <= MAX_DATA >> 8) &&
        (length === null || length <= MAX_DATA);
      if (!possible) {
        this.#buffer.shift();
        tokens.push({ type: 'junk', bytes: 1 });
        continue;
      }
      if (length === null || this.#buffer.length < 3 + length) return;
      const data = Uint8Array.from(this.#buffer.splice(0, 3 + length).slice(3));
      if (command === ELYCTIS_CONTINUOUS) tokens.push({ type: 'reply', accepted: data[0] === 1 });
      else if (length > 0) tokens.push({ type: 'text', bytes: data }, { type: 'documentEnd' });
    }
  }
}

export const ELYCTIS: ScannerDialect = {
  name: 'Elyctis ID BOX One',
  baudRate: 9_600,
  // Continuous reading on; echoed, and off again after each document.
  arm: [encodeElyctis(ELYCTIS_CONTINUOUS, Uint8Array.of(1))],
  trigger: null,
  armAfterRead: true,
  betweenCommandsMs: 0,
  replyTimeoutMs: 600,
  attempts: 4,
  createSplitter: () => new ElyctisSplitter(),
};

export const elyctisDocument = (lines: readonly string[]): Uint8Array =>
  encodeElyctis(lines.length === 1 ? ELYCTIS_INQUIRE_ONE_LINE : ELYCTIS_INQUIRE, ascii(lines.join('\r')));
