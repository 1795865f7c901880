import { err, ok, type Result } from '../../contract/result.ts';
import { concatBytes, encodeTlv, readTlvHeader } from '../lds/ber-tlv.ts';
import type { FileFacts, FileName } from '../lds/files.ts';
import { type Command, command } from './apdu.ts';
import type { CardConnection, CardResponse, ConnectionError } from './card-connection.ts';
import { largestReadLength } from './read-length.ts';
import { type StatusCode, SW, statusCode } from './status-word.ts';

export type FileError =
  | ConnectionError
  | { readonly code: StatusCode; readonly status: number; readonly isAuthentic: boolean }
  | { readonly code: 'fileEmpty' | 'fileTruncated' | 'fileTooLarge' | 'fileMalformed' };

export interface ReadProgress {
  readonly file: FileName;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export interface FileReaderOptions {
  /** Bytes of a file beyond which it is refused unread. */
  readonly maxFileBytes: number;
  /** Longest response that the chip announced in EF.ATR/INFO; null keeps to short length. */
  readonly chipResponseLimit: number | null;
  readonly onProgress: (progress: ReadProgress) => void;
}

const INS = { SELECT: 0xa4, READ_BINARY: 0xb0, READ_BINARY_ODD: 0xb1 } as const;
const HEADER_BYTES = 8;
/** Offsets in P1-P2 have 15 bits; beyond, odd READ BINARY carries them in DO'54' (ISO/IEC 7816-4 §11.3.3). */
const MAX_EVEN_OFFSET = 0x7fff;
/** Tried one after the other when a chip answers `6700` to a read that should fit. */
const SMALLER = [223, 160, 112, 64, 16, 4, 1] as const;

/** SELECT by application identifier, without a response (ICAO 9303-10 §3.6.2). */
export const selectApplication = (aid: Uint8Array): Command => command(INS.SELECT, 0x04, 0x0c, aid);
export const selectFile = (fileId: number): Command =>
  command(INS.SELECT, 0x02, 0x0c, Uint8Array.of(fileId >> 8, fileId & 0xff));
export const selectMasterFile = (): Command => command(INS.SELECT, 0x00, 0x0c, Uint8Array.of(0x3f, 0x00));

/** Reads elementary files over one connection; remembers the largest length that the chip bears. */
export class FileReader {
  readonly #connection: CardConnection;
  readonly #options: FileReaderOptions;
  #lengthLimit = Number.MAX_SAFE_INTEGER;

  constructor(connection: CardConnection, options: FileReaderOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Reads a file that is one data object: its header says how long it is; what follows it is not read. */
  async read(facts: Pick<FileFacts, 'name' | 'fileId'>): Promise<Result<Uint8Array, FileError>> {
    const selected = await this.#connection.send(selectFile(facts.fileId));
    if (!selected.ok) return selected;
    if (selected.value.status !== SW.ok) return statusError(selected.value);
    const head = await this.#readAt(0, HEADER_BYTES);
    if (!head.ok) return isBeyondEnd(head.error) ? err({ code: 'fileEmpty' }) : head;
    if (head.value.length === 0) return err({ code: 'fileEmpty' });
    const header = readTlvHeader(head.value);
    if (!header.ok) return err({ code: header.error.code === 'tlvLengthTooLong' ? 'fileTooLarge' : 'fileMalformed' });
    const total = header.value.headerLength + header.value.valueLength;
    if (total > this.#options.maxFileBytes) return err({ code: 'fileTooLarge' });
    return this.#readRest(facts.name, head.value.subarray(0, total), total);
  }

  /** Reads what one READ BINARY gives, for files that are a list of objects (EF.ATR/INFO). */
  async readWhole(fileId: number): Promise<Result<Uint8Array, FileError>> {
    const selected = await this.#connection.send(selectFile(fileId));
    if (!selected.ok) return selected;
    if (selected.value.status !== SW.ok) return statusError(selected.value);
    return this.#readAt(0, 256);
  }

  async #readRest(file: FileName, head: Uint8Array, total: number): Promise<Result<Uint8Array, FileError>> {
    // Parts are kept as they come: a header that lies about the length must not make us allocate it.
    const parts = [head];
    let have = head.length;
    this.#options.onProgress({ file, bytesRead: have, bytesTotal: total });
    while (have < total) {
      const part = await this.#readAt(have, Math.min(this.#readLength(have), total - have));
      if (!part.ok) return isBeyondEnd(part.error) ? err({ code: 'fileTruncated' }) : part;
      if (part.value.length === 0) return err({ code: 'fileTruncated' });
      const useful = part.value.subarray(0, total - have);
      parts.push(useful);
      have += useful.length;
      this.#options.onProgress({ file, bytesRead: have, bytesTotal: total });
    }
    return ok(concatBytes(...parts));
  }

  #readLength(offset: number): number {
    const cipher = this.#connection.secure?.cipher ?? null;
    const wrapped = offset > MAX_EVEN_OFFSET;
    return Math.min(
      this.#lengthLimit,
      largestReadLength(this.#connection, cipher, this.#options.chipResponseLimit, wrapped),
    );
  }

  /** Bytes from `offset`, fewer than asked at the end of the file. Steps down where the chip refuses the length. */
  async #readAt(offset: number, length: number): Promise<Result<Uint8Array, FileError>> {
    let want = length;
    for (;;) {
      const answer = await this.#connection.send(readCommand(offset, want));
      if (!answer.ok) return answer;
      const { status, data, isAuthentic } = answer.value;
      if (isAuthentic && (status === SW.ok || status === SW.endOfFile)) return unwrapData(data, offset);
      if (status === SW.endOfFile) return ok(new Uint8Array(0));
      const smaller = status >> 8 === 0x6c ? status & 0xff : SMALLER.find((step) => step < want);
      const isLengthRefused = status === SW.wrongLength || status >> 8 === 0x6c;
      if (!isAuthentic || !isLengthRefused || !smaller || smaller >= want) return statusError(answer.value);
      // A refused header read says how short the file is, not what the chip bears.
      if (want > HEADER_BYTES) this.#lengthLimit = Math.min(this.#lengthLimit, smaller);
      want = smaller;
    }
  }
}

function readCommand(offset: number, length: number): Command {
  if (offset <= MAX_EVEN_OFFSET) return command(INS.READ_BINARY, offset >> 8, offset & 0xff, undefined, length);
  const bytes = offset > 0xffff ? [offset >> 16, (offset >> 8) & 0xff, offset & 0xff] : [offset >> 8, offset & 0xff];
  const position = encodeTlv(0x54, Uint8Array.from(bytes));
  // The answer's own header comes on top of the bytes wanted.
  const expected = length + (length > 255 ? 4 : length > 127 ? 3 : 2);
  return command(INS.READ_BINARY_ODD, 0, 0, position, expected);
}

function unwrapData(data: Uint8Array, offset: number): Result<Uint8Array, FileError> {
  if (offset <= MAX_EVEN_OFFSET || data.length === 0) return ok(data);
  const header = readTlvHeader(data);
  if (!header.ok || header.value.tag !== 0x53) return err({ code: 'fileMalformed' });
  return ok(data.subarray(header.value.headerLength, header.value.headerLength + header.value.valueLength));
}

function statusError(response: CardResponse): Result<never, FileError> {
  const { status, isAuthentic } = response;
  return err({ code: statusCode(status), status, isAuthentic });
}

/** `6B00` at an offset that the header promised: the file is shorter than it says. */
function isBeyondEnd(error: FileError): boolean {
  return 'status' in error && (error.status === SW.wrongOffset || error.status === SW.endOfFile);
}
