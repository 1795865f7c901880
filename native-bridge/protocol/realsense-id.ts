import { encodeRealSenseId, type RealSenseIdPacket } from '../framing/realsense-id-packet.ts';
import type { FaceCameraAdvice, SpoofVerdict } from '../ports/face-camera.ts';

/** Message ids of RealSense ID cameras that the plain mode needs (vendor's SDK, `SerialPacket.h`). */
export const REALSENSE_ID = {
  detectSpoof: 'B',
  hint: 'H',
  result: 'R',
  reply: 'Y',
  faceDetected: 'g',
  startSession: 'o',
  ping: 'p',
} as const;

/** Results and hints (SDK, `AuthenticateStatus.h`). */
export const REALSENSE_STATUS = {
  success: 0,
  noFace: 1,
  tooHigh: 8,
  tooLow: 9,
  tooFarRight: 10,
  tooFarLeft: 11,
  tiltedUp: 12,
  tiltedDown: 13,
  tiltedRight: 14,
  tiltedLeft: 15,
  notFrontal: 16,
  spoof: 19,
  deviceError: 21,
  tooManySpoofs: 23,
  sunglasses: 50,
  medicalMask: 51,
  tooFar: 61,
  distanceUnknown: 62,
  tooClose: 63,
  ok: 100,
  error: 101,
  firstSpoofKind: 120,
  lastSpoofKind: 127,
} as const;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
/** The camera's console stands between us and its packets: this line hands one packet through. */
export const FACE_API = ascii('\r\n__FACE_API__\r\n');
/** Ends a running operation; the camera then sends its reply. */
export const FACE_CANCEL = ascii('\r\n__FACE_CANCEL__\r\n');

/** A face message: user id (31), status as a character from `0`, 8 reserved bytes. */
const USER_ID_SIZE = 31;
const FACE_MESSAGE_SIZE = USER_ID_SIZE + 1 + 8;
const STATUS_ZERO = 0x30;

export function faceMessage(id: string, sequence: number, status: number): RealSenseIdPacket {
  const body = new Uint8Array(FACE_MESSAGE_SIZE);
  body[USER_ID_SIZE] = (STATUS_ZERO + status) & 0xff;
  return { id, sequence, body };
}

/** Null for a body too short to have one. */
export function statusOf({ body }: RealSenseIdPacket): number | null {
  const byte = body[USER_ID_SIZE];
  return byte === undefined ? null : (byte - STATUS_ZERO) & 0xff;
}

/** What goes on the wire for one packet. */
export function onTheWire(packet: RealSenseIdPacket): Uint8Array {
  return Uint8Array.of(...FACE_API, ...encodeRealSenseId(packet));
}

/** A new number must be this close behind the last one (SDK, `NonSecureSession.cc`). */
const MAX_SEQUENCE_STEP = 20;

export function follows(last: number, sequence: number): boolean {
  return sequence > last && sequence <= last + MAX_SEQUENCE_STEP;
}

const ADVICE: ReadonlyMap<number, FaceCameraAdvice> = new Map([
  [REALSENSE_STATUS.tooHigh, 'offCentre'],
  [REALSENSE_STATUS.tooLow, 'offCentre'],
  [REALSENSE_STATUS.tooFarRight, 'offCentre'],
  [REALSENSE_STATUS.tooFarLeft, 'offCentre'],
  [REALSENSE_STATUS.tiltedUp, 'turnedAway'],
  [REALSENSE_STATUS.tiltedDown, 'turnedAway'],
  [REALSENSE_STATUS.tiltedRight, 'turnedAway'],
  [REALSENSE_STATUS.tiltedLeft, 'turnedAway'],
  [REALSENSE_STATUS.notFrontal, 'turnedAway'],
  [REALSENSE_STATUS.sunglasses, 'sunglasses'],
  [REALSENSE_STATUS.medicalMask, 'mask'],
  [REALSENSE_STATUS.tooFar, 'tooFar'],
  [REALSENSE_STATUS.tooClose, 'tooClose'],
]);

/** What a hint's status asks of whoever stands there. */
export const adviceOf = (status: number): FaceCameraAdvice | null => ADVICE.get(status) ?? null;

/** Null: the camera could not judge; its status goes to the caller. A face that is covered or in a wrong place is nobody to be judged. */
export function verdictOf(status: number): SpoofVerdict | null {
  const { success, noFace, distanceUnknown, spoof, firstSpoofKind, lastSpoofKind } = REALSENSE_STATUS;
  if (status === success) return 'live';
  if (status === spoof || (status >= firstSpoofKind && status <= lastSpoofKind)) return 'spoof';
  return status === noFace || status === distanceUnknown || ADVICE.has(status) ? 'noFace' : null;
}
