import { closeSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, write } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ReadStream } from 'node:tty';

/** The openpty(3) of node-pty's native part, which its types leave out. Its `open()` reads from the slave and leaks a handle. */
interface NativePty {
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string };
}
const nativePty = (
  createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js') as { requireBinary(file: string): NativePty }
).requireBinary('pty.node');

/** What one write may bring; a quarter of a terminal's buffer. */
const CHUNK_BYTES = 1024;
const FULL_PAUSE_MS = 1;

interface OpenPair {
  readonly master: ReadStream;
  readonly hold: ReadStream;
  readonly slaveFd: number;
  readonly masterFd: number;
}

/**
 * The device's end of a serial cable, made of a pseudo-terminal. `path` is a symbolic link that stays the same through unplugging,
 * as a udev name does; the lane opens it with its ordinary serial driver.
 */
export class PtyPort {
  readonly path: string;
  readonly #onBytes: (bytes: Uint8Array) => void;
  /** Our own folder, when no path was asked for. */
  readonly #folder: string | null;
  #pair: OpenPair | null = null;
  /** Said, but not yet taken by the kernel. */
  #unsent: Uint8Array[] = [];
  #sending = false;

  constructor(linkPath: string | null, onBytes: (bytes: Uint8Array) => void) {
    this.#folder = linkPath === null ? mkdtempSync(path.join(tmpdir(), 'jointgate-pty-')) : null;
    this.path = linkPath ?? path.join(this.#folder ?? '', 'tty');
    this.#onBytes = onBytes;
  }

  get plugged(): boolean {
    return this.#pair !== null;
  }

  plug(): void {
    if (this.#pair !== null) throw new Error(`${this.path} is plugged in already`);
    const opened = nativePty.open(80, 24);
    const master = new ReadStream(opened.master);
    // One slave handle stays open, so that the pair survives a lane that closes its end. `manualStart` (which @types/node lacks)
    // keeps it from reading what is meant for the lane.
    const hold = new ReadStream(opened.slave, { manualStart: true } as ConstructorParameters<typeof ReadStream>[1]);
    // Without raw mode the terminal echoes to the device what it said before the lane opened the port.
    hold.setRawMode(true);
    master.on('data', this.#onBytes);
    // A write into a pair that is being closed; `plugged` is what counts.
    master.on('error', () => this.unplug());
    this.#unsent = [];
    this.#sending = false;
    this.#pair = { master, hold, slaveFd: opened.slave, masterFd: opened.master };
    replaceLink(opened.pty, this.path);
  }

  /** Pulls the cable: the lane's serial port hangs up. Bytes under way are lost. */
  unplug(): void {
    const pair = this.#pair;
    if (pair === null) return;
    this.#pair = null;
    removeLink(this.path);
    pair.hold.destroy();
    // libuv works on a copy of the slave's handle and leaves the original to its owner; the master's own one it closes.
    closeSync(pair.slaveFd);
    pair.master.destroy();
  }

  /** What the device says. Into a cable that is not plugged in it goes nowhere. */
  send(bytes: Uint8Array): void {
    if (this.#pair === null) return;
    this.#unsent.push(bytes);
    if (!this.#sending) this.#sendNext(this.#pair);
  }

  /**
   * Never more than the kernel takes at once: a terminal's stream writes in blocking mode, and when the lane reads in this very
   * process, a full buffer would stop both for ever.
   */
  #sendNext(pair: OpenPair): void {
    const bytes = this.#unsent.shift();
    this.#sending = bytes !== undefined && this.#pair === pair;
    if (bytes === undefined || this.#pair !== pair) return;
    write(pair.masterFd, bytes.subarray(0, CHUNK_BYTES), (error, written) => {
      const rest = bytes.subarray(error === null ? written : 0);
      if (rest.length > 0) this.#unsent.unshift(rest);
      if (error === null) this.#sendNext(pair);
      else if (error.code === 'EAGAIN') setTimeout(() => this.#sendNext(pair), FULL_PAUSE_MS);
      else this.#sending = false;
    });
  }

  close(): void {
    this.unplug();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }
}

function replaceLink(target: string, linkPath: string): void {
  removeLink(linkPath);
  symlinkSync(target, linkPath);
}

function removeLink(linkPath: string): void {
  try {
    unlinkSync(linkPath);
  } catch (error) {
    // Not there is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
