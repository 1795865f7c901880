import {
  ACK_FRAME,
  encodePacket,
  Pn532Deframer,
  type Pn532Frame,
  TFI_ERROR,
  TFI_FROM_CHIP,
  TFI_TO_CHIP,
} from '../framing/pn532-frame.ts';
import { type Cancel, delay, type Timing } from '../ports/timing.ts';
import { MAX_EXCHANGE_DATA, MORE_INFORMATION, PN532, PN532_IC } from '../protocol/pn532.ts';
import type { CardSimulator } from './card-simulator.ts';
import { ImpossibleAct } from './impossible-act.ts';

/** How a simulated chip shows itself to a reader before APDUs (ISO/IEC 14443-3). */
export interface ChipInField {
  readonly card: CardSimulator;
  readonly kind: 'typeA' | 'typeB';
  /** Type A: NFCID1 of 4, 7 or 10 bytes. Type B: PUPI of 4. Passports make a new one for each activation. */
  readonly uid: Uint8Array;
}

export interface Pn532Delays {
  /** Time on the air and in the chip for one APDU. */
  readonly apduMs: number;
  /** How long the reader looks before it says "nobody there". */
  readonly activationMs: number;
}

const TARGET = 1;
const STATUS_OK = 0x00;
const STATUS_TIMEOUT = 0x01;
const STATUS_WRONG_CONTEXT = 0x27;
/** FSCI 8 (256 bytes), TA, TB, TC: the answer to select of a common passport. */
const ATS = Uint8Array.of(0x05, 0x78, 0x77, 0xb1, 0x02);
const FOREVER = 0xff;

/** What is inside a PN532, and the field in which somebody may hold a chip. Bytes of its UART in, bytes out by `send`. */
export class Pn532Model {
  readonly #timing: Timing;
  readonly #delays: Pn532Delays;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #registers = new Map<number, number>();
  #deframer = new Pn532Deframer();
  #chip: ChipInField | null = null;
  #active = false;
  #awake = false;
  #activationRetries = FOREVER;
  #lastAnswer: Uint8Array | null = null;
  #inPieces: number[] = [];
  #outPieces: Uint8Array = new Uint8Array(0);
  /** Raised by every command and abort: an answer of an older one is not sent. */
  #turn = 0;
  #waitingForChip: (() => void) | null = null;
  #cancelGap: Cancel = () => {};

  constructor(timing: Timing, delays: Pn532Delays, send: (bytes: Uint8Array) => void) {
    this.#timing = timing;
    this.#delays = delays;
    this.#send = send;
  }

  get chipPresent(): boolean {
    return this.#chip !== null;
  }

  /** Somebody holds a chip into the field. */
  presentChip(chip: ChipInField): void {
    if (this.#chip !== null) throw new ImpossibleAct('there is a chip in the field already');
    this.#chip = chip;
    chip.card.reset?.();
    this.#waitingForChip?.();
  }

  removeChip(): void {
    if (this.#chip === null) throw new ImpossibleAct('there is no chip in the field');
    this.#chip = null;
    this.#active = false;
  }

  /** Power lost, or the command of that name: asleep until it is woken. */
  powerDown(): void {
    this.#cancelGap();
    this.#turn += 1;
    this.#awake = false;
    this.#active = false;
    this.#deframer = new Pn532Deframer();
    this.#activationRetries = FOREVER;
    this.#lastAnswer = null;
    this.#waitingForChip = null;
  }

  received(bytes: Uint8Array): void {
    // Asleep, the UART only notices edges; the wake-up is any 55 (NXP UM0701-02 §7.2.11).
    if (!this.#awake && !bytes.includes(0x55)) return;
    this.#awake = true;
    this.#cancelGap();
    for (const frame of this.#deframer.push(bytes).frames) this.#take(frame);
    if (this.#deframer.pending) {
      this.#cancelGap = this.#timing.after(20, () => {
        for (const frame of this.#deframer.idle().frames) this.#take(frame);
      });
    }
  }

  #take(frame: Pn532Frame): void {
    if (frame.kind === 'nack' && this.#lastAnswer !== null) this.#send(this.#lastAnswer);
    if (frame.kind === 'ack') this.#turn += 1;
    if (frame.kind !== 'packet' || frame.tfi !== TFI_TO_CHIP) return;
    this.#turn += 1;
    this.#send(ACK_FRAME);
    void this.#execute(frame.data, this.#turn);
  }

  async #execute(packet: Uint8Array, turn: number): Promise<void> {
    const [command = 0, ...parameters] = packet;
    const answer = await this.#answer(command, Uint8Array.from(parameters), turn);
    // Aborted, overtaken by another command, or unplugged meanwhile.
    if (turn !== this.#turn) return;
    this.#lastAnswer =
      answer === null
        ? encodePacket(TFI_ERROR, new Uint8Array(0))
        : encodePacket(TFI_FROM_CHIP, Uint8Array.of(command + 1, ...answer));
    this.#send(this.#lastAnswer);
  }

  /** Null: the chip does not know the command. */
  async #answer(command: number, parameters: Uint8Array, turn: number): Promise<Uint8Array | null> {
    switch (command) {
      case PN532.diagnose:
        return this.#diagnose(parameters);
      case PN532.getFirmwareVersion:
        return Uint8Array.of(PN532_IC, 0x01, 0x06, 0x07);
      case PN532.getGeneralStatus:
        return this.#active ? Uint8Array.of(0, 1, 1, TARGET, 0, 0, 0, 0) : Uint8Array.of(0, 0, 0, 0);
      case PN532.readRegister:
        return Uint8Array.from(
          pairs(parameters, 2),
          ([high = 0, low = 0]) => this.#registers.get(high * 256 + low) ?? 0,
        );
      case PN532.writeRegister:
        for (const [high = 0, low = 0, value = 0] of pairs(parameters, 3)) this.#registers.set(high * 256 + low, value);
        return new Uint8Array(0);
      case PN532.setParameters:
      case PN532.samConfiguration:
        return new Uint8Array(0);
      case PN532.rfConfiguration:
        if (parameters[0] === 0x05) this.#activationRetries = parameters[3] ?? FOREVER;
        // Item 1, bit 0: the field itself; without it no chip lives.
        if (parameters[0] === 0x01 && ((parameters[1] ?? 0) & 1) === 0) this.#active = false;
        return new Uint8Array(0);
      case PN532.inListPassiveTarget:
        return this.#list(parameters, turn);
      case PN532.inDataExchange:
        return this.#exchange(parameters);
      case PN532.inCommunicateThru:
        // Raw frames of other chip families: nobody of those is ever here.
        return Uint8Array.of(STATUS_TIMEOUT);
      case PN532.inSelect:
        return Uint8Array.of(this.#active ? STATUS_OK : STATUS_WRONG_CONTEXT);
      case PN532.inDeselect:
      case PN532.inRelease:
        this.#active = false;
        return Uint8Array.of(STATUS_OK);
      case PN532.powerDown:
        this.powerDown();
        return Uint8Array.of(STATUS_OK);
      default:
        return null;
    }
  }

  #diagnose(parameters: Uint8Array): Uint8Array | null {
    if (parameters[0] === 0x00) return parameters;
    // Attention request: is the activated chip still there (§7.2.1, test 6).
    return parameters[0] === 0x06 ? Uint8Array.of(this.#active ? STATUS_OK : STATUS_TIMEOUT) : null;
  }

  async #list(parameters: Uint8Array, turn: number): Promise<Uint8Array> {
    const [, modulation = 0] = parameters;
    const wanted = modulation === 0x00 ? 'typeA' : modulation === 0x03 ? 'typeB' : null;
    const { activationMs } = this.#delays;
    if (this.#chip?.kind !== wanted && activationMs > 0) await delay(this.#timing, activationMs);
    while (this.#chip?.kind !== wanted && this.#activationRetries === FOREVER && turn === this.#turn) {
      await new Promise<void>((resolve) => {
        this.#waitingForChip = resolve;
      });
    }
    const chip = this.#chip;
    if (chip === null || chip.kind !== wanted) return Uint8Array.of(0);
    this.#active = true;
    this.#inPieces = [];
    this.#outPieces = new Uint8Array(0);
    chip.card.reset?.();
    if (chip.kind === 'typeA') return Uint8Array.of(1, TARGET, 0x00, 0x08, 0x20, chip.uid.length, ...chip.uid, ...ATS);
    // ATQB: PUPI, application data, protocol info with ISO/IEC 14443-4 in bit 0; then the answer to ATTRIB.
    return Uint8Array.of(1, TARGET, 0x50, ...chip.uid, 0, 0, 0, 0, 0x00, 0x81, 0x81, 1, 0x00);
  }

  async #exchange(parameters: Uint8Array): Promise<Uint8Array> {
    const [target = 0] = parameters;
    if ((target & ~MORE_INFORMATION) !== TARGET || !this.#active)
      return Uint8Array.of(this.#chip === null ? STATUS_TIMEOUT : STATUS_WRONG_CONTEXT);
    const data = parameters.subarray(1);
    if (data.length === 0 && this.#outPieces.length > 0) return this.#nextPiece();
    this.#inPieces.push(...data);
    if ((target & MORE_INFORMATION) !== 0) return Uint8Array.of(STATUS_OK);
    const command = Uint8Array.from(this.#inPieces);
    this.#inPieces = [];
    const { apduMs } = this.#delays;
    if (apduMs > 0) await delay(this.#timing, apduMs);
    const chip = this.#chip;
    if (chip === null) return Uint8Array.of(STATUS_TIMEOUT);
    this.#outPieces = await chip.card.transmit(command);
    // It may have been taken away while it was thinking.
    return this.#chip === null ? Uint8Array.of(STATUS_TIMEOUT) : this.#nextPiece();
  }

  #nextPiece(): Uint8Array {
    const piece = this.#outPieces.subarray(0, MAX_EXCHANGE_DATA);
    this.#outPieces = this.#outPieces.subarray(piece.length);
    return Uint8Array.of(this.#outPieces.length > 0 ? MORE_INFORMATION : STATUS_OK, ...piece);
  }
}

function pairs(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
