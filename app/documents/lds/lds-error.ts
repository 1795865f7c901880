import { err } from '../../contract/result.ts';
import type { TlvErrorCode } from './ber-tlv.ts';

export type LdsErrorCode =
  | TlvErrorCode
  | 'ldsFileEmpty'
  | 'ldsWrongTag'
  | 'ldsFieldMissing'
  | 'ldsFieldMalformed'
  | 'ldsVersionUnknown'
  | 'ldsImageMissing'
  | 'ldsImageTooLarge'
  | 'ldsImageFormatUnknown';

/** Why a file could not be read: a code and a place, never content. */
export interface LdsError {
  readonly code: LdsErrorCode;
  readonly file: string;
}

export const ldsError = (file: string, code: LdsErrorCode) => err<LdsError>({ code, file });
