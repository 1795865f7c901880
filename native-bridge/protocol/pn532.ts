/** Command numbers and answers of the NXP PN532 (NXP UM0701-02 §7). */
export const PN532 = {
  diagnose: 0x00,
  getFirmwareVersion: 0x02,
  getGeneralStatus: 0x04,
  readRegister: 0x06,
  writeRegister: 0x08,
  setSerialBaudRate: 0x10,
  setParameters: 0x12,
  samConfiguration: 0x14,
  powerDown: 0x16,
  rfConfiguration: 0x32,
  inDataExchange: 0x40,
  inCommunicateThru: 0x42,
  inDeselect: 0x44,
  inListPassiveTarget: 0x4a,
  inRelease: 0x52,
  inSelect: 0x54,
} as const;

/** IC number in the firmware version of a PN532 (§7.2.2). */
export const PN532_IC = 0x32;

/** Out of low-power mode: 55 55 and zeros while the oscillator starts (§7.2.11; what libnfc sends as well). */
export const WAKE_UP = Uint8Array.of(0x55, 0x55, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Normal mode, without a secure access module, without the IRQ line (§7.2.10). */
export const SAM_NORMAL = Uint8Array.of(PN532.samConfiguration, 0x01, 0x00, 0x00);

/** Bit 6 of a status byte, and of the target byte: more information follows (§7.3.8). */
export const MORE_INFORMATION = 0x40;
export const STATUS_MASK = 0x3f;
/** Bytes of an APDU in one InDataExchange: a packet without the command and the target or status byte. */
export const MAX_EXCHANGE_DATA = 262;

/** Status of an exchange whose chip does not answer any more: time-out, field off, target released, card disappeared (§7.1). */
export const CHIP_GONE: ReadonlySet<number> = new Set([0x01, 0x0a, 0x29, 0x2b]);

export type ChipKind = 'typeA' | 'typeB';
/** Baud rate and modulation byte of InListPassiveTarget, with type B's initiator data (AFI 0: everybody) (§7.3.5). */
export const LIST_TARGET: Record<ChipKind, readonly number[]> = { typeA: [0x00], typeB: [0x03, 0x00] };

/** Whether the target found speaks ISO/IEC 14443-4 and so takes APDUs. `target`: from its Tg byte on. */
export function takesApdus(kind: ChipKind, target: Uint8Array): boolean {
  // Type A tells it in bit 6 of SEL_RES (ISO/IEC 14443-3 §6.5.3.4), type B in the protocol type of ATQB (bit 1 of byte 10).
  if (kind === 'typeA') return ((target[3] ?? 0) & 0x20) !== 0;
  return ((target[11] ?? 0) & 0x01) !== 0;
}
