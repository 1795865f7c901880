import { ViscaDeframer } from '../framing/visca-frame.ts';
import { type Cancel, delay, type Timing } from '../ports/timing.ts';
import {
  readMove,
  VISCA_NOT_EXECUTABLE,
  VISCA_POSITION,
  VISCA_SYNTAX_ERROR,
  VISCA_VERSION,
  viscaReply,
} from '../protocol/visca.ts';

const FROM_HOST = 0x81;
const SOCKETS = [1, 2] as const;

const isSame = (message: Uint8Array, command: Uint8Array): boolean =>
  message.length === command.length - 1 && message.every((byte, index) => byte === command[index]);

/** What is inside a VISCA mount. Bytes of its line in, bytes out by `send`. */
export class ViscaModel {
  readonly #timing: Timing;
  readonly #moveMs: number;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #busy = new Set<number>();
  #deframer = new ViscaDeframer(FROM_HOST);
  #position = { pan: 0, tilt: 0 };
  #jammed = false;
  #power = 0;
  #cancelGap: Cancel = () => {};

  constructor(timing: Timing, moveMs: number, send: (bytes: Uint8Array) => void) {
    this.#timing = timing;
    this.#moveMs = moveMs;
    this.#send = send;
  }

  get tilt(): number {
    return this.#position.tilt;
  }

  /** Something holds it; it says so to each move. */
  jam(jammed: boolean): void {
    this.#jammed = jammed;
  }

  powerDown(): void {
    this.#cancelGap();
    this.#power += 1;
    this.#busy.clear();
    this.#deframer = new ViscaDeframer(FROM_HOST);
  }

  received(bytes: Uint8Array): void {
    this.#cancelGap();
    for (const message of this.#deframer.push(bytes).messages) void this.#take(message);
    if (this.#deframer.heldBytes > 0) this.#cancelGap = this.#timing.after(30, () => this.#deframer.idle());
  }

  async #take(message: Uint8Array): Promise<void> {
    const move = readMove(message);
    if (isSame(message, VISCA_VERSION)) this.#send(viscaReply.version());
    else if (isSame(message, VISCA_POSITION)) this.#send(viscaReply.position(this.#position.pan, this.#position.tilt));
    else if (move === null) this.#send(viscaReply.refused(0, VISCA_SYNTAX_ERROR));
    else await this.#move(move);
  }

  async #move(target: { readonly pan: number; readonly tilt: number }): Promise<void> {
    const socket = SOCKETS.find((each) => !this.#busy.has(each));
    if (this.#jammed || socket === undefined) {
      this.#send(viscaReply.refused(socket ?? 0, VISCA_NOT_EXECUTABLE));
      return;
    }
    const power = this.#power;
    this.#busy.add(socket);
    this.#send(viscaReply.acknowledged(socket));
    if (this.#moveMs > 0) await delay(this.#timing, this.#moveMs);
    if (power !== this.#power) return;
    this.#busy.delete(socket);
    this.#position = target;
    this.#send(viscaReply.completed(socket));
  }
}
