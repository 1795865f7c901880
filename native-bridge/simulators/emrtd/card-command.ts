/** A command as the card takes it apart (ISO/IEC 7816-4 §5.1, written from the card's side). */
export interface ReceivedCommand {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Ne: bytes that may be answered; 0 for none. */
  readonly le: number;
  readonly isExtended: boolean;
}

/** Splits a command APDU; null where its length fields do not add up. */
export function parseCommand(apdu: Uint8Array): ReceivedCommand | null {
  if (apdu.length < 4) return null;
  const [cla, ins, p1, p2] = apdu as unknown as [number, number, number, number];
  const head = { cla, ins, p1, p2 };
  const body = apdu.subarray(4);
  const none = new Uint8Array(0);
  if (body.length === 0) return { ...head, data: none, le: 0, isExtended: false };
  if (body.length === 1) return { ...head, data: none, le: body[0] || 256, isExtended: false };
  if (body[0] !== 0) {
    const lc = body[0]!;
    const rest = body.length - 1 - lc;
    if (rest !== 0 && rest !== 1) return null;
    const le = rest === 1 ? body[body.length - 1] || 256 : 0;
    return { ...head, data: body.subarray(1, 1 + lc), le, isExtended: false };
  }
  if (body.length < 3) return null;
  const first = body[1]! * 256 + body[2]!;
  if (body.length === 3) return { ...head, data: none, le: first || 65_536, isExtended: true };
  const rest = body.length - 3 - first;
  if (rest !== 0 && rest !== 2) return null;
  const le = rest === 2 ? body[body.length - 2]! * 256 + body[body.length - 1]! || 65_536 : 0;
  return { ...head, data: body.subarray(3, 3 + first), le, isExtended: true };
}

/** What the card answers. */
export interface Answer {
  readonly data: Uint8Array;
  readonly status: number;
}

export const answer = (status: number, data: Uint8Array = new Uint8Array(0)): Answer => ({ status, data });

export function writeAnswer({ data, status }: Answer): Uint8Array {
  const bytes = new Uint8Array(data.length + 2);
  bytes.set(data);
  bytes.set([status >> 8, status & 0xff], data.length);
  return bytes;
}
