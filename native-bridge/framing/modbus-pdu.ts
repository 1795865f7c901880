/**
 * Modbus requests and responses that a lane controller needs: FC03 read holding registers, FC06 write one, FC16 write several,
 * and exceptions (Modbus Application Protocol V1.1b3, §6.3, §6.6, §6.12, §7). Registers are 16 bits, big endian.
 */
export type ModbusRequest =
  | { readonly kind: 'read'; readonly address: number; readonly count: number }
  | { readonly kind: 'writeOne'; readonly address: number; readonly value: number }
  | { readonly kind: 'write'; readonly address: number; readonly values: readonly number[] };

export type ModbusResponse =
  | { readonly kind: 'read'; readonly values: readonly number[] }
  | { readonly kind: 'writeOne'; readonly address: number; readonly value: number }
  | { readonly kind: 'write'; readonly address: number; readonly count: number }
  | { readonly kind: 'exception'; readonly functionCode: number; readonly exceptionCode: number };

export const FC_READ = 0x03;
export const FC_WRITE_ONE = 0x06;
export const FC_WRITE = 0x10;

export const ILLEGAL_FUNCTION = 1;
export const ILLEGAL_ADDRESS = 2;
export const ILLEGAL_VALUE = 3;

/** The protocol's own limits: a frame is 256 bytes at most. */
export const MAX_READ_COUNT = 125;
export const MAX_WRITE_COUNT = 123;

const FUNCTION_OF: Record<ModbusRequest['kind'], number> = { read: FC_READ, writeOne: FC_WRITE_ONE, write: FC_WRITE };

export function functionCodeOf(kind: ModbusRequest['kind']): number {
  return FUNCTION_OF[kind];
}

const high = (word: number): number => (word >>> 8) & 0xff;
const low = (word: number): number => word & 0xff;
const words = (values: readonly number[]): number[] => values.flatMap((value) => [high(value), low(value)]);

export function encodeRequest(request: ModbusRequest): Uint8Array {
  const { address } = request;
  switch (request.kind) {
    case 'read':
      return Uint8Array.from([FC_READ, ...words([address, request.count])]);
    case 'writeOne':
      return Uint8Array.from([FC_WRITE_ONE, ...words([address, request.value])]);
    case 'write': {
      const { values } = request;
      return Uint8Array.from([FC_WRITE, ...words([address, values.length]), values.length * 2, ...words(values)]);
    }
  }
}

export function encodeResponse(response: ModbusResponse): Uint8Array {
  switch (response.kind) {
    case 'read':
      return Uint8Array.from([FC_READ, response.values.length * 2, ...words(response.values)]);
    case 'writeOne':
      return Uint8Array.from([FC_WRITE_ONE, ...words([response.address, response.value])]);
    case 'write':
      return Uint8Array.from([FC_WRITE, ...words([response.address, response.count])]);
    case 'exception':
      return Uint8Array.from([response.functionCode | 0x80, response.exceptionCode]);
  }
}

function readWords(bytes: Uint8Array, offset: number, count: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => view.getUint16(offset + index * 2));
}

/** Null for a function or a length we don't know. */
export function decodeRequest(pdu: Uint8Array): ModbusRequest | null {
  if (pdu.length < 5) return null;
  const [address = 0, second = 0] = readWords(pdu, 1, 2);
  if (pdu[0] === FC_READ && pdu.length === 5) return { kind: 'read', address, count: second };
  if (pdu[0] === FC_WRITE_ONE && pdu.length === 5) return { kind: 'writeOne', address, value: second };
  if (pdu[0] === FC_WRITE && pdu[5] === second * 2 && pdu.length === 6 + second * 2) {
    return { kind: 'write', address, values: readWords(pdu, 6, second) };
  }
  return null;
}

export function decodeResponse(pdu: Uint8Array): ModbusResponse | null {
  const [functionCode = 0, second = 0] = pdu;
  if ((functionCode & 0x80) !== 0) {
    return pdu.length === 2 ? { kind: 'exception', functionCode: functionCode & 0x7f, exceptionCode: second } : null;
  }
  if (functionCode === FC_READ && second % 2 === 0 && pdu.length === 2 + second) {
    return { kind: 'read', values: readWords(pdu, 2, second / 2) };
  }
  if (pdu.length !== 5) return null;
  const [address = 0, value = 0] = readWords(pdu, 1, 2);
  if (functionCode === FC_WRITE_ONE) return { kind: 'writeOne', address, value };
  if (functionCode === FC_WRITE) return { kind: 'write', address, count: value };
  return null;
}

/** Whether a response can be the one to this request: function, count and echo must fit. */
export function answers(request: ModbusRequest, response: ModbusResponse): boolean {
  if (response.kind === 'exception') return response.functionCode === functionCodeOf(request.kind);
  if (request.kind === 'read') return response.kind === 'read' && response.values.length === request.count;
  if (request.kind === 'writeOne') {
    return response.kind === 'writeOne' && response.address === request.address && response.value === request.value;
  }
  return response.kind === 'write' && response.address === request.address && response.count === request.values.length;
}
