import {
  decodeRequest,
  encodeResponse,
  ILLEGAL_ADDRESS,
  ILLEGAL_FUNCTION,
  ILLEGAL_VALUE,
  MAX_READ_COUNT,
  MAX_WRITE_COUNT,
  type ModbusRequest,
  type ModbusResponse,
} from '../framing/modbus-pdu.ts';
import { encodeRtu, RtuDeframer, requestLength } from '../framing/modbus-rtu.ts';
import type { Cancel, Timing } from '../ports/timing.ts';

/** Holding registers of one unit. */
export interface RegisterBank {
  read(address: number): number | null;
  write(address: number, value: number): boolean;
}

/** A frame that is not whole after this silence never will be (3.5 characters, with room for a busy machine). */
const IDLE_MS = 20;

/** All units of one RS-485 bus, as seen from the wire: requests in, responses out. Foreign units and broken frames get no answer. */
export class ModbusSlave {
  readonly #units: ReadonlyMap<number, RegisterBank>;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #timing: Timing;
  readonly #deframer = new RtuDeframer(requestLength);
  #cancelIdle: Cancel | null = null;

  constructor(units: ReadonlyMap<number, RegisterBank>, timing: Timing, send: (bytes: Uint8Array) => void) {
    this.#units = units;
    this.#timing = timing;
    this.#send = send;
  }

  received(bytes: Uint8Array): void {
    this.#cancelIdle?.();
    this.#cancelIdle = null;
    this.#answerAll(this.#deframer.push(bytes).frames);
    if (this.#deframer.pending) {
      this.#cancelIdle = this.#timing.after(IDLE_MS, () => this.#answerAll(this.#deframer.idle().frames));
    }
  }

  #answerAll(frames: ReturnType<RtuDeframer['push']>['frames']): void {
    for (const { unit, pdu } of frames) {
      const bank = this.#units.get(unit);
      if (bank === undefined) continue;
      const request = decodeRequest(pdu);
      const functionCode = pdu[0] ?? 0;
      const response: ModbusResponse =
        request === null
          ? { kind: 'exception', functionCode, exceptionCode: ILLEGAL_FUNCTION }
          : answer(bank, request, functionCode);
      this.#send(encodeRtu(unit, encodeResponse(response)));
    }
  }
}

function answer(bank: RegisterBank, request: ModbusRequest, functionCode: number): ModbusResponse {
  const refuse = (exceptionCode: number): ModbusResponse => ({ kind: 'exception', functionCode, exceptionCode });
  const { address } = request;
  switch (request.kind) {
    case 'read': {
      if (request.count < 1 || request.count > MAX_READ_COUNT) return refuse(ILLEGAL_VALUE);
      const values = Array.from({ length: request.count }, (_, index) => bank.read(address + index));
      const known = values.filter((value) => value !== null);
      return known.length === values.length ? { kind: 'read', values: known } : refuse(ILLEGAL_ADDRESS);
    }
    case 'writeOne':
      return bank.write(address, request.value)
        ? { kind: 'writeOne', address, value: request.value }
        : refuse(ILLEGAL_ADDRESS);
    case 'write': {
      const { values } = request;
      if (values.length < 1 || values.length > MAX_WRITE_COUNT) return refuse(ILLEGAL_VALUE);
      // All or nothing: a half-written block would be a state nobody asked for.
      if (values.some((_, index) => bank.read(address + index) === null)) return refuse(ILLEGAL_ADDRESS);
      return values.every((value, index) => bank.write(address + index, value))
        ? { kind: 'write', address, count: values.length }
        : refuse(ILLEGAL_ADDRESS);
    }
  }
}
