import { createServer, type Socket } from 'node:net';
import { err, ok } from '../../contract/result.ts';
import type { ApduChannel } from '../../documents/chip/apdu-channel.ts';
import { fault } from '../io.ts';

/** Control codes of the vpcd protocol (vsmartcard): sent as a message of one byte. */
const CONTROL = { off: 0, on: 1, reset: 2, atr: 4 } as const;
const LENGTH_BYTES = 2;
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Listens on the loopback address for one virtual card that speaks vpcd (two length bytes, big-endian, before each message), powers it
 * up and asks for its ATR. Rejects when none comes in time or the port is taken.
 */
export async function awaitVirtualCard(port: number, waitMs: number): Promise<ApduChannel> {
  const socket = await acceptOne(port, waitMs);
  const card = new VirtualCard(socket);
  card.send(Uint8Array.of(CONTROL.off));
  card.send(Uint8Array.of(CONTROL.on));
  const atr = await card.request(Uint8Array.of(CONTROL.atr));
  if (!atr) throw fault('the virtual card did not answer with its ATR');
  return {
    maxCommandLength: 65_535,
    maxResponseLength: 65_535,
    transmit: async (command) => {
      const response = await card.request(command);
      return response ? ok(response) : err({ code: card.isGone ? 'chipLost' : 'deviceTimeout' });
    },
    close: async () => {
      card.send(Uint8Array.of(CONTROL.off));
      socket.end();
    },
  };
}

function acceptOne(port: number, waitMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      clearTimeout(timer);
      // One card at a time: whoever comes next is refused by the closed port.
      server.close();
      socket.setNoDelay(true);
      resolve(socket);
    });
    const timer = setTimeout(() => {
      server.close();
      reject(fault(`no virtual card came to port ${port} within ${Math.round(waitMs / 1000)} s`));
    }, waitMs);
    server.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(fault(`cannot listen on port ${port} (${error.code ?? 'unknown'})`));
    });
    server.listen(port, '127.0.0.1');
  });
}

/** Messages over one socket, one request at a time. A message is at most 65535 bytes, so the buffer is bounded by two of them. */
class VirtualCard {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #waiting: ((message: Uint8Array | null) => void) | null = null;
  isGone = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#deliver();
    });
    socket.on('error', () => this.#end());
    socket.on('close', () => this.#end());
  }

  send(message: Uint8Array): void {
    if (this.isGone) return;
    const head = Uint8Array.of(message.length >> 8, message.length & 0xff);
    this.#socket.write(Buffer.concat([head, message]));
  }

  /** Null when the card is gone or does not answer in time; a late answer is thrown away with the connection. */
  request(message: Uint8Array): Promise<Uint8Array | null> {
    if (this.isGone) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = null;
        resolve(null);
        this.#socket.destroy();
      }, ANSWER_TIMEOUT_MS);
      this.#waiting = (answer) => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(answer);
      };
      this.send(message);
    });
  }

  #deliver(): void {
    if (this.#received.length < LENGTH_BYTES) return;
    const end = LENGTH_BYTES + this.#received.readUInt16BE(0);
    if (this.#received.length < end) return;
    const message = Uint8Array.from(this.#received.subarray(LENGTH_BYTES, end));
    this.#received = this.#received.subarray(end);
    // What nobody asked for is dropped: the protocol has no unsolicited message.
    this.#waiting?.(message);
  }

  #end(): void {
    this.isGone = true;
    this.#waiting?.(null);
  }
}
