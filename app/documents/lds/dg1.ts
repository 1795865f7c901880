import { ok, type Result } from '../../contract/result.ts';
import { encodeTlv, findTlv } from './ber-tlv.ts';
import { type LdsError, ldsError } from './lds-error.ts';
import { openFile } from './open-file.ts';

/** The MRZ as the chip holds it. Its meaning is read by app/documents/mrz. */
export interface Dg1 {
  /** `CS90`: a Chinese CS/CD card, 30 printed characters followed by 60 of the chip alone. */
  readonly layout: 'TD1' | 'TD2' | 'TD3' | 'CS90';
  /** The printed lines: three of 30, two of 36 or 44, or the one line of a CS card. */
  readonly lines: readonly string[];
  /** The 60 characters that only the chip of a CS card has, as bytes: names are not ASCII. Null otherwise. */
  readonly extension: Dg1Extension | null;
}

/** GA/T 704 chip fields, positions 31 to 90 (see the travel-document reference); 72 to 90 are undocumented. */
export interface Dg1Extension {
  readonly chineseName: Uint8Array;
  readonly latinName: string;
  readonly sex: string;
  readonly placeOfBirth: string;
  readonly undocumented: Uint8Array;
}

const LINE_LENGTHS: Readonly<Record<number, { layout: 'TD1' | 'TD2' | 'TD3'; line: number }>> = {
  90: { layout: 'TD1', line: 30 },
  72: { layout: 'TD2', line: 36 },
  88: { layout: 'TD3', line: 44 },
};

/** Reads EF.DG1 (ICAO 9303-10 §4.7.1). A 90-character content that opens with CS or CD is the Chinese layout, not TD1. */
export function readDg1(file: Uint8Array): Result<Dg1, LdsError> {
  const parts = openFile('DG1', file);
  if (!parts.ok) return parts;
  const mrz = findTlv(parts.value, 0x5f1f)?.value;
  if (!mrz) return ldsError('DG1', 'ldsFieldMissing');
  const text = Buffer.from(mrz).toString('latin1');
  if (mrz.length === 90 && /^C[SD]/.test(text)) return readChinese(mrz, text);
  const known = LINE_LENGTHS[mrz.length];
  if (!known || !/^[A-Z0-9<]+$/.test(text)) return ldsError('DG1', 'ldsFieldMalformed');
  const lines = text.match(new RegExp(`.{${known.line}}`, 'g'))!;
  return ok({ layout: known.layout, lines, extension: null });
}

function readChinese(mrz: Uint8Array, text: string): Result<Dg1, LdsError> {
  const line = text.slice(0, 30);
  if (!/^[A-Z0-9<]+$/.test(line)) return ldsError('DG1', 'ldsFieldMalformed');
  return ok({
    layout: 'CS90',
    lines: [line],
    extension: {
      chineseName: mrz.subarray(30, 42),
      latinName: trimFiller(text.slice(42, 60)),
      sex: text.slice(60, 61),
      placeOfBirth: trimFiller(text.slice(68, 71)),
      undocumented: mrz.subarray(71),
    },
  });
}

const trimFiller = (text: string): string => text.replaceAll('<', ' ').trim();

export function writeDg1(mrz: Uint8Array): Uint8Array {
  return encodeTlv(0x61, encodeTlv(0x5f1f, mrz));
}
