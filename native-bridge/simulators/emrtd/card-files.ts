import { FILES, type FileName, fileFacts } from '../../../app/documents/lds/files.ts';
import { type Answer, answer, type ReceivedCommand } from './card-command.ts';
import type { CardFaults } from './card-faults.ts';
import { wrap } from './card-session.ts';

const IN_MASTER_FILE: readonly FileName[] = ['CardAccess', 'CardSecurity', 'ATR_INFO'];
/** Free to read without a session (ICAO 9303-10 table 35). */
const OPEN: readonly FileName[] = ['CardAccess', 'ATR_INFO'];

/** The card's file system: which file is current, and what READ BINARY gives of it. */
export class CardFiles {
  readonly #files: ReadonlyMap<FileName, Uint8Array>;
  readonly #faults: CardFaults;
  #current: FileName | null = null;
  isApplicationSelected = false;

  constructor(files: ReadonlyMap<FileName, Uint8Array>, faults: CardFaults) {
    this.#files = files;
    this.#faults = faults;
  }

  reset(): void {
    this.#current = null;
    this.isApplicationSelected = false;
  }

  selectApplication(): void {
    this.isApplicationSelected = true;
    this.#current = null;
  }

  selectMasterFile(): void {
    this.reset();
  }

  /** SELECT by file identifier below the current directory. */
  select(fileId: number, isAuthenticated: boolean): Answer {
    const found = FILES.find(({ name }) => this.#fileId(name) === fileId && this.#isHere(name));
    if (!found || !this.#files.has(found.name)) return answer(0x6a82);
    if (!isAuthenticated && !OPEN.includes(found.name)) return answer(0x6982);
    this.#current = found.name;
    return answer(0x9000);
  }

  /** READ BINARY, even (offset in P1-P2, or a short identifier) and odd (offset in DO'54', answer in DO'53'). */
  read(cmd: ReceivedCommand, isAuthenticated: boolean): Answer {
    const isOdd = cmd.ins % 2 === 1;
    if (!isOdd && (cmd.p1 & 0x80) !== 0) {
      const name = FILES.find((file) => file.shortId === (cmd.p1 & 0x1f) && this.#isHere(file.name))?.name;
      const selected = name ? this.select(this.#fileId(name), isAuthenticated) : answer(0x6a82);
      if (selected.status !== 0x9000) return selected;
    }
    const name = this.#current;
    if (!name) return answer(0x6986);
    const offset = isOdd ? readOffset(cmd.data) : (cmd.p1 & 0x80) !== 0 ? cmd.p2 : cmd.p1 * 256 + cmd.p2;
    if (offset === null) return answer(0x6a80);
    if (cmd.le > this.#faults.maxReadLength && cmd.le !== 8) return answer(0x6700);
    if (this.#faults.emptyReads && offset > 0) return answer(0x9000);
    const wrapper = cmd.le > 259 ? 4 : cmd.le > 129 ? 3 : 2;
    return this.#slice(name, offset, isOdd ? cmd.le - wrapper : cmd.le, isOdd);
  }

  #slice(name: FileName, offset: number, length: number, isOdd: boolean): Answer {
    const content = this.#content(name);
    if (offset > content.length) return answer(0x6b00);
    const part = content.subarray(offset, offset + length);
    const isShort = part.length < length;
    if (isShort && !this.#faults.warnsAtEndOfFile && part.length === 0) return answer(0x6b00);
    const data = isOdd && part.length > 0 ? wrap(0x53, part) : part;
    return answer(isShort && this.#faults.warnsAtEndOfFile ? 0x6282 : 0x9000, data);
  }

  #content(name: FileName): Uint8Array {
    let content = this.#files.get(name)!;
    const claimed = this.#faults.claimedLength.get(name);
    if (claimed !== undefined) {
      const length = [claimed >>> 24, (claimed >> 16) & 0xff, (claimed >> 8) & 0xff, claimed & 0xff];
      content = Buffer.concat([Uint8Array.of(content[0] ?? 0, 0x84, ...length), content]);
    }
    const end = this.#faults.truncated.get(name);
    return end === undefined ? content : content.subarray(0, end);
  }

  #fileId(name: FileName): number {
    return name === 'SOD' ? this.#faults.sodFileId : fileFacts(name).fileId;
  }

  #isHere(name: FileName): boolean {
    return IN_MASTER_FILE.includes(name) !== this.isApplicationSelected;
  }
}

function readOffset(data: Uint8Array): number | null {
  if (data[0] !== 0x54 || data.length < 3 || data[1] !== data.length - 2 || data.length > 5) return null;
  return data.subarray(2).reduce((sum, byte) => sum * 256 + byte, 0);
}
