import { encodeRealSenseId, RealSenseIdDeframer, type RealSenseIdPacket } from '../framing/realsense-id-packet.ts';
import { type Cancel, delay, type Timing } from '../ports/timing.ts';
import { faceMessage, REALSENSE_ID, REALSENSE_STATUS } from '../protocol/realsense-id.ts';
import { ImpossibleAct } from './impossible-act.ts';

/** Who or what the camera sees. */
export type Sight = 'person' | 'photo' | 'nobody';
export type Position = 'centred' | 'tooHigh' | 'tooLow' | 'turnedAway' | 'tooFar' | 'tooClose';

const HINTS: Record<Position, number | null> = {
  centred: null,
  tooHigh: REALSENSE_STATUS.tooHigh,
  tooLow: REALSENSE_STATUS.tooLow,
  turnedAway: REALSENSE_STATUS.notFrontal,
  tooFar: REALSENSE_STATUS.tooFar,
  tooClose: REALSENSE_STATUS.tooClose,
};
/** The depth pictures of a flat thing. */
const FLAT = REALSENSE_STATUS.firstSpoofKind;
const CONSOLE_TAIL = 64;

/** What is inside an F45x, and who stands before it. Bytes of its serial line in, bytes out by `send`. */
export class RealSenseIdModel {
  readonly #timing: Timing;
  readonly #lookMs: number;
  readonly #send: (bytes: Uint8Array) => void;
  #deframer = new RealSenseIdDeframer();
  #console = '';
  #sight: Sight = 'nobody';
  #position: Position = 'centred';
  #lockedBySpoofs = false;
  /** Raised by every session and cancel: a look of an older one is not told. */
  #turn = 0;
  #sequence = 0;
  #cancelGap: Cancel = () => {};

  constructor(timing: Timing, lookMs: number, send: (bytes: Uint8Array) => void) {
    this.#timing = timing;
    this.#lookMs = lookMs;
    this.#send = send;
  }

  get sight(): Sight {
    return this.#sight;
  }

  /** Somebody stands before it, or holds a picture before it. */
  present(sight: Exclude<Sight, 'nobody'>, position: Position): void {
    if (this.#sight !== 'nobody') throw new ImpossibleAct('somebody stands before the camera already');
    this.#sight = sight;
    this.#position = position;
  }

  /** Whoever stands there goes on standing elsewhere. */
  moveTo(position: Position): void {
    if (this.#sight === 'nobody') throw new ImpossibleAct('nobody stands before the camera');
    this.#position = position;
  }

  leave(): void {
    if (this.#sight === 'nobody') throw new ImpossibleAct('nobody stands before the camera');
    this.#sight = 'nobody';
    this.#position = 'centred';
  }

  /** As after too many attacks, when its owner set a limit. */
  lock(locked: boolean): void {
    this.#lockedBySpoofs = locked;
  }

  powerDown(): void {
    this.#cancelGap();
    this.#turn += 1;
    this.#deframer = new RealSenseIdDeframer();
    this.#console = '';
  }

  received(bytes: Uint8Array): void {
    this.#cancelGap();
    this.#console = (this.#console + String.fromCharCode(...bytes)).slice(-(CONSOLE_TAIL + bytes.length));
    if (this.#console.includes('__FACE_CANCEL__')) {
      this.#console = this.#console.slice(this.#console.lastIndexOf('__FACE_CANCEL__') + 15);
      this.#turn += 1;
    }
    this.#takeAll(this.#deframer.push(bytes).messages);
    if (this.#deframer.heldBytes > 0)
      this.#cancelGap = this.#timing.after(30, () => this.#takeAll(this.#deframer.idle().messages));
  }

  #takeAll(packets: readonly RealSenseIdPacket[]): void {
    for (const packet of packets) {
      // Without that line the console swallows the packet.
      if (!this.#console.includes('__FACE_API__')) continue;
      this.#take(packet);
    }
    if (packets.length > 0) this.#console = this.#console.slice(this.#console.lastIndexOf('__FACE_API__') + 12);
  }

  #take(packet: RealSenseIdPacket): void {
    if (packet.id === REALSENSE_ID.ping) this.#send(encodeRealSenseId(packet));
    if (packet.id === REALSENSE_ID.startSession) {
      this.#turn += 1;
      this.#sequence = 0;
      this.#send(encodeRealSenseId({ id: packet.id, sequence: 0, body: new Uint8Array(0) }));
    }
    if (packet.id === REALSENSE_ID.detectSpoof) void this.#look(this.#turn);
  }

  async #look(turn: number): Promise<void> {
    const hint = HINTS[this.#position];
    if (this.#sight !== 'nobody' && hint !== null) this.#say(REALSENSE_ID.hint, hint);
    if (this.#lookMs > 0) await delay(this.#timing, this.#lookMs);
    if (turn !== this.#turn) return;
    this.#say(REALSENSE_ID.result, this.#result(hint));
    this.#say(REALSENSE_ID.reply, REALSENSE_STATUS.ok);
  }

  #result(hint: number | null): number {
    if (this.#lockedBySpoofs) return REALSENSE_STATUS.tooManySpoofs;
    if (this.#sight === 'nobody') return REALSENSE_STATUS.noFace;
    if (hint !== null) return hint;
    return this.#sight === 'photo' ? FLAT : REALSENSE_STATUS.success;
  }

  #say(id: string, status: number): void {
    this.#sequence += 1;
    this.#send(encodeRealSenseId(faceMessage(id, this.#sequence, status)));
  }
}
