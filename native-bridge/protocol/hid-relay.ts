/** USB HID relay boards 16C0:05DF (dcttech, V-USB): feature reports of 8 bytes behind report id 0. */
export const HID_RELAY_VENDOR = 0x16c0;
export const HID_RELAY_PRODUCT = 0x05df;
export const HID_RELAY_REPORT = 9;

/** Relays are numbered from 1. */
export function relayCommand(relay: number, on: boolean): Uint8Array {
  return Uint8Array.of(0, on ? 0xff : 0xfd, relay, 0, 0, 0, 0, 0, 0);
}

/** Which relays are on, from the report the board gives: byte 7 is a bit each, bytes 0-4 its serial. Null for anything else. */
export function relayStates(report: Uint8Array): { readonly serial: string; readonly on: readonly boolean[] } | null {
  // hidapi puts the report id in front or leaves it out, by platform.
  const body = report.length === HID_RELAY_REPORT ? report.subarray(1) : report;
  if (body.length !== 8) return null;
  const bits = body[7] ?? 0;
  return {
    serial: String.fromCharCode(...body.subarray(0, 5)),
    on: Array.from({ length: 8 }, (_, index) => ((bits >> index) & 1) === 1),
  };
}

/** The report of a board with this serial (5 characters) and these relays on; report id 1 in front, as hidapi gives it. */
export function relayReport(serial: string, bits: number): Uint8Array {
  return Uint8Array.of(1, ...Array.from(serial.slice(0, 5), (character) => character.charCodeAt(0)), 0, 0, bits);
}
