import { ok, type Result } from '../../contract/result.ts';
import { concatBytes, encodeTlv, findTlv, readTlvs } from './ber-tlv.ts';
import { isFaceRecord19794, readFaceRecord19794, writeFaceRecord19794 } from './face-record-19794.ts';
import { readFaceRecord39794 } from './face-record-39794.ts';
import type { EncodedImage } from './image.ts';
import { type LdsError, ldsError } from './lds-error.ts';
import { openFile } from './open-file.ts';

export interface Dg2 {
  readonly encoding: 'iso19794' | 'iso39794';
  /** The first is the portrait; there is at least one. */
  readonly images: readonly EncodedImage[];
}

/**
 * Reads EF.DG2 (ICAO 9303-10 §4.7.2): 7F61 with 02 (count) and 7F60 templates, each with its biometric data in 5F2E or 7F2E.
 */
export function readDg2(file: Uint8Array): Result<Dg2, LdsError> {
  const parts = openFile('DG2', file);
  if (!parts.ok) return parts;
  const group = findTlv(parts.value, 0x7f61);
  const templates = group ? readTlvs(group.value, 32) : null;
  if (!templates) return ldsError('DG2', 'ldsFieldMissing');
  if (!templates.ok) return ldsError('DG2', templates.error.code);
  const images: EncodedImage[] = [];
  let encoding: Dg2['encoding'] = 'iso19794';
  for (const template of templates.value.filter(({ tag }) => tag === 0x7f60)) {
    const members = readTlvs(template.value, 16);
    if (!members.ok) return ldsError('DG2', members.error.code);
    const data = findTlv(members.value, 0x5f2e) ?? findTlv(members.value, 0x7f2e);
    if (!data) return ldsError('DG2', 'ldsFieldMissing');
    const isOld = isFaceRecord19794(data.value);
    const read = isOld ? readFaceRecord19794(data.value) : readFaceRecord39794(data.value);
    if (!read.ok) return read;
    encoding = isOld ? 'iso19794' : 'iso39794';
    images.push(...read.value);
  }
  return images.length > 0 ? ok({ encoding, images }) : ldsError('DG2', 'ldsImageMissing');
}

/** Writes a data group 2 with one ISO 19794-5 image, for issuers of test documents. */
export function writeDg2(image: EncodedImage): Uint8Array {
  // CBEFF header: ICAO version 0101, facial features, no creation date, format owner 0101, type 0008.
  const header = encodeTlv(0xa1, Uint8Array.of(0x80, 2, 1, 1, 0x81, 1, 2, 0x82, 1, 0, 0x87, 2, 1, 1, 0x88, 2, 0, 8));
  const template = encodeTlv(0x7f60, concatBytes(header, encodeTlv(0x5f2e, writeFaceRecord19794(image))));
  return encodeTlv(0x75, encodeTlv(0x7f61, concatBytes(Uint8Array.of(2, 1, 1), template)));
}
