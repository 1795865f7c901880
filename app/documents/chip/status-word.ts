/** Status words that the reader acts on (ISO/IEC 7816-4 §5.6, ICAO 9303-10 §3.6). */
export const SW = {
  ok: 0x9000,
  endOfFile: 0x6282,
  wrongLength: 0x6700,
  chainingUnsupported: 0x6884,
  securityStatus: 0x6982,
  conditionsNotSatisfied: 0x6985,
  noCurrentFile: 0x6986,
  securityObjectMissing: 0x6987,
  securityObjectWrong: 0x6988,
  wrongData: 0x6a80,
  functionUnsupported: 0x6a81,
  fileNotFound: 0x6a82,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  wrongOffset: 0x6b00,
  insUnsupported: 0x6d00,
  claUnsupported: 0x6e00,
} as const;

export type StatusCode =
  | 'fileNotFound'
  | 'accessDenied'
  | 'secureMessagingRejected'
  | 'wrongLength'
  | 'unsupported'
  | 'authenticationFailed'
  | 'unexpectedStatus';

/** The reader's word for a status word that is not success. */
export function statusCode(status: number): StatusCode {
  if ((status & 0xff00) === 0x6300) return 'authenticationFailed';
  switch (status) {
    case SW.fileNotFound:
    case SW.referenceNotFound:
      return 'fileNotFound';
    case SW.securityStatus:
    case SW.conditionsNotSatisfied:
      return 'accessDenied';
    case SW.securityObjectMissing:
    case SW.securityObjectWrong:
      return 'secureMessagingRejected';
    case SW.wrongLength:
    case SW.wrongOffset:
      return 'wrongLength';
    case SW.functionUnsupported:
    case SW.insUnsupported:
    case SW.claUnsupported:
    case SW.chainingUnsupported:
    case SW.wrongParameters:
      return 'unsupported';
    default:
      return 'unexpectedStatus';
  }
}
