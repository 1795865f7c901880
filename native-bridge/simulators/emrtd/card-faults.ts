import type { FileName } from '../../../app/documents/lds/files.ts';

/** What a bad, broken or hostile chip does. Everything off is a chip by the book. */
export interface CardFaults {
  /** The MAC of the n-th protected answer (from 1) is spoilt; 0 for never. */
  readonly wrongMacAt: number;
  /** The card's counter runs ahead by one from the n-th protected answer on; 0 for never. */
  readonly counterSkewAt: number;
  /** Files that end after so many bytes, whatever their header says. */
  readonly truncated: ReadonlyMap<FileName, number>;
  /** Files whose outer header claims so many bytes. */
  readonly claimedLength: ReadonlyMap<FileName, number>;
  /** Every read brings no byte and success: a reader without a bound would read for ever. */
  readonly emptyReads: boolean;
  /** The active-authentication key is not the one of DG15: a clone. */
  readonly clonedWithoutKey: boolean;
  /** Errors come in clear and the session stays up, as simple card simulators do. */
  readonly plainErrors: boolean;
  /** Errors come in clear and the session is dropped, as ICAO 9303-11 §9.8.8 has it for secure messaging errors. */
  readonly dropsSessionOnError: boolean;
  /** Every protected command gets `6988` in clear, as a simulator with a broken MAC does. */
  readonly refusesProtected: boolean;
  /** Longest answer to READ BINARY; longer requests get `6700`. */
  readonly maxReadLength: number;
  /** Reads beyond the end answer `6282` with what is there; otherwise `6B00` without. */
  readonly warnsAtEndOfFile: boolean;
  /** Answers longer than this are handed out through `61xx` and GET RESPONSE. */
  readonly chunkedAnswers: number;
  /** Protected successes come without DO'99', as some card simulators send them. */
  readonly omitsStatus: boolean;
  /** File identifier under which EF.SOD is found. */
  readonly sodFileId: number;
}

export const NO_FAULTS: CardFaults = {
  wrongMacAt: 0,
  counterSkewAt: 0,
  truncated: new Map(),
  claimedLength: new Map(),
  emptyReads: false,
  clonedWithoutKey: false,
  plainErrors: false,
  dropsSessionOnError: false,
  refusesProtected: false,
  maxReadLength: 65_536,
  warnsAtEndOfFile: true,
  chunkedAnswers: 0,
  omitsStatus: false,
  sodFileId: 0x011d,
};
