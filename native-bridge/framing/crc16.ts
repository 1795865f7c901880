/** CRC-16/MODBUS: reflected polynomial 0xA001, initial value 0xFFFF, sent low byte first (Modbus over serial line V1.02, §6.2.2). */
const TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

export function crc16Modbus(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}

const AUG_CCITT_TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  return crc;
});

/** CRC-16/AUG-CCITT: polynomial 0x1021, initial value 0x1D0F, not reflected (RealSense ID serial packets). */
export function crc16AugCcitt(bytes: Uint8Array): number {
  let crc = 0x1d0f;
  for (const byte of bytes) crc = ((crc << 8) ^ (AUG_CCITT_TABLE[(crc >>> 8) ^ byte] ?? 0)) & 0xffff;
  return crc;
}
