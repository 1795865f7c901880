import { concatBytes } from '../lds/ber-tlv.ts';

/** A command before it is encoded. `expected` is Ne: how many bytes may come back, 0 for none. */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  readonly expected: number;
}

const MAX_SHORT_DATA = 255;
export const MAX_SHORT_EXPECTED = 256;
const MAX_EXTENDED = 65_535;
const NO_DATA = new Uint8Array(0);

export function command(ins: number, p1: number, p2: number, data: Uint8Array = NO_DATA, expected = 0): Command {
  return { cla: 0x00, ins, p1, p2, data, expected };
}

export function needsExtended({ data, expected }: Command): boolean {
  return data.length > MAX_SHORT_DATA || expected > MAX_SHORT_EXPECTED;
}

/** Encodes cases 1 to 4, short where it fits and extended otherwise (ISO/IEC 7816-4 §5.1). */
export function encodeCommand(cmd: Command): Uint8Array {
  const { data, expected } = cmd;
  if (data.length > MAX_EXTENDED || expected > MAX_EXTENDED + 1) throw new RangeError('APDU out of range');
  const head = Uint8Array.of(cmd.cla, cmd.ins, cmd.p1, cmd.p2);
  if (needsExtended(cmd)) {
    const lc = data.length > 0 ? Uint8Array.of(0, data.length >> 8, data.length & 0xff) : NO_DATA;
    // 65536 is written as 0000; without Lc the extended Le has a leading zero byte.
    const le = expected > 0 ? Uint8Array.of((expected >> 8) & 0xff, expected & 0xff) : NO_DATA;
    const lead = data.length === 0 && expected > 0 ? Uint8Array.of(0) : NO_DATA;
    return concatBytes(head, lc, data, lead, le);
  }
  const lc = data.length > 0 ? Uint8Array.of(data.length) : NO_DATA;
  const le = expected > 0 ? Uint8Array.of(expected & 0xff) : NO_DATA;
  return concatBytes(head, lc, data, le);
}

export interface Response {
  readonly data: Uint8Array;
  /** SW1 SW2 as one number, e.g. 0x9000. */
  readonly status: number;
}

/** Splits a response; null for less than a status word. */
export function decodeResponse(bytes: Uint8Array): Response | null {
  if (bytes.length < 2) return null;
  const end = bytes.length - 2;
  return { data: bytes.subarray(0, end), status: bytes[end]! * 256 + bytes[end + 1]! };
}

/** Splits `data` into chained commands of at most `limit` bytes; all but the last carry the chaining bit (§5.3.3). */
export function chainCommands(cmd: Command, limit: number): readonly Command[] {
  if (cmd.data.length <= limit) return [cmd];
  const parts: Command[] = [];
  for (let at = 0; at < cmd.data.length; at += limit) {
    const data = cmd.data.subarray(at, at + limit);
    const isLast = at + limit >= cmd.data.length;
    parts.push({ ...cmd, data, cla: isLast ? cmd.cla : cmd.cla | 0x10, expected: isLast ? cmd.expected : 0 });
  }
  return parts;
}
