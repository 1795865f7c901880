import type { MrzDocument } from '../mrz/reading.ts';
import type { AccessKey } from './access-key.ts';

/** The key of a chip from its printed zone, any format: number without fillers, dates as printed (`<` where unknown). */
export function accessKeyFromMrz(document: MrzDocument): AccessKey {
  const { documentNumber, birthDate, expiryDate } = document;
  return { kind: 'mrz', documentNumber, birthDate, expiryDate };
}
