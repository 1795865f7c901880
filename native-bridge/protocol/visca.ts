import { encodeVisca } from '../framing/visca-frame.ts';

/** VISCA words that a tilt needs (Sony EVI-D70 technical manual). Mount 1 is `81`. */
export const VISCA_VERSION = encodeVisca([0x81, 0x09, 0x00, 0x02]);
export const VISCA_POSITION = encodeVisca([0x81, 0x09, 0x06, 0x12]);
const TO_POSITION = [0x81, 0x01, 0x06, 0x02];
/** Pan and tilt speed: middling, quiet. */
const SPEED = [0x08, 0x08];

const nibbles = (value: number): number[] => [12, 8, 4, 0].map((shift) => ((value & 0xffff) >>> shift) & 0x0f);

/** Signed 16-bit positions, four nibbles each. */
export function toPosition(pan: number, tilt: number): Uint8Array {
  return encodeVisca([...TO_POSITION, ...SPEED, ...nibbles(pan), ...nibbles(tilt)]);
}

function signedAt(bytes: Uint8Array, index: number): number | null {
  const digits = bytes.subarray(index, index + 4);
  if (digits.length !== 4 || digits.some((digit) => digit > 0x0f)) return null;
  const value = digits.reduce((sum, digit) => sum * 16 + digit, 0);
  return value >= 0x8000 ? value - 0x1_0000 : value;
}

/** What a mount was told: null for anything but a move. */
export function readMove(message: Uint8Array): { readonly pan: number; readonly tilt: number } | null {
  if (message.length !== 14 || TO_POSITION.some((byte, index) => message[index] !== byte)) return null;
  const [pan, tilt] = [signedAt(message, 6), signedAt(message, 10)];
  return pan === null || tilt === null ? null : { pan, tilt };
}

export type ViscaReply =
  /** Understood; the move is done when `completed` of the same socket comes. */
  | { readonly kind: 'acknowledged'; readonly socket: number }
  | { readonly kind: 'completed'; readonly socket: number }
  | { readonly kind: 'refused'; readonly error: number }
  | { readonly kind: 'version' }
  | { readonly kind: 'position'; readonly pan: number; readonly tilt: number };

/** Null for anything else. */
export function readReply(message: Uint8Array): ViscaReply | null {
  const [, code = 0] = message;
  const socket = code & 0x0f;
  switch (code >> 4) {
    case 4:
      return message.length === 2 ? { kind: 'acknowledged', socket } : null;
    case 5: {
      if (message.length === 2) return { kind: 'completed', socket };
      if (message.length === 9) return { kind: 'version' };
      const [pan, tilt] = [signedAt(message, 2), signedAt(message, 6)];
      return message.length === 10 && pan !== null && tilt !== null ? { kind: 'position', pan, tilt } : null;
    }
    case 6:
      return message.length === 3 ? { kind: 'refused', error: message[2] ?? 0 } : null;
    default:
      return null;
  }
}

/** How the mount says these things; the simulator's words. */
export const viscaReply = {
  acknowledged: (socket: number): Uint8Array => encodeVisca([0x90, 0x40 | socket]),
  completed: (socket: number): Uint8Array => encodeVisca([0x90, 0x50 | socket]),
  refused: (socket: number, error: number): Uint8Array => encodeVisca([0x90, 0x60 | socket, error]),
  version: (): Uint8Array => encodeVisca([0x90, 0x50, 0x00, 0x20, 0x04, 0x0e, 0x01, 0x00, 0x02]),
  position: (pan: number, tilt: number): Uint8Array => encodeVisca([0x90, 0x50, ...nibbles(pan), ...nibbles(tilt)]),
};
export const VISCA_SYNTAX_ERROR = 0x02;
export const VISCA_NOT_EXECUTABLE = 0x41;
