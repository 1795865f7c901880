/**
 * Input reports of HID POS bar code scanners (USB HID POS Usage Tables 1.02, usage page 0x8C): report id, length, AIM symbology
 * identifier (3 characters), up to 56 data bytes, and in the last byte whether the data goes on in the next report.
 */
export const POS_REPORT_SIZE = 64;
const LENGTH_AT = 1;
const SYMBOLOGY_AT = 2;
const DATA_AT = 5;
const POS_DATA_SIZE = 56;
/** A QR code holds 2953 bytes at most (ISO/IEC 18004). */
const MAX_CODE = 4_096;

export type PosCode =
  | { readonly type: 'code'; readonly symbology: string; readonly data: Uint8Array }
  | { readonly type: 'problem'; readonly code: 'tooLong' | 'badReply' | 'cut'; readonly discardedBytes: number };

export function encodePosReports(reportId: number, symbology: string, data: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(data.length / POS_DATA_SIZE));
  return Array.from({ length: count }, (_, index) => {
    const part = data.subarray(index * POS_DATA_SIZE, (index + 1) * POS_DATA_SIZE);
    const report = new Uint8Array(POS_REPORT_SIZE);
    report[0] = reportId;
    report[LENGTH_AT] = part.length;
    report.set(Array.from(symbology, (character) => character.charCodeAt(0)).slice(0, 3), SYMBOLOGY_AT);
    report.set(part, DATA_AT);
    report[POS_REPORT_SIZE - 1] = index < count - 1 ? 1 : 0;
    return report;
  });
}

/**
 * A fold over reports; bounded by one code. Reports have no number: after a damaged or a late one the rest of that code would pass
 * for a code of its own, so everything is dropped until the scanner pauses (`idle()`; the caller holds the timer).
 */
export class PosReportAssembler {
  #parts: Uint8Array[] = [];
  #length = 0;
  #symbology: string | null = null;
  #dropping = false;

  push(report: Uint8Array): PosCode | null {
    if (this.#dropping) return { type: 'problem', code: 'cut', discardedBytes: report.length };
    const length = report[LENGTH_AT] ?? 0;
    const symbology = String.fromCharCode(...report.subarray(SYMBOLOGY_AT, DATA_AT));
    const wellFormed = report.length === POS_REPORT_SIZE && length <= POS_DATA_SIZE && symbology.startsWith(']');
    if (!wellFormed || (this.#symbology !== null && this.#symbology !== symbology))
      return this.#problem('badReply', report.length);
    if (this.#length + length > MAX_CODE) return this.#problem('tooLong', length);
    this.#symbology = symbology;
    this.#parts.push(report.slice(DATA_AT, DATA_AT + length));
    this.#length += length;
    if (((report[POS_REPORT_SIZE - 1] ?? 0) & 1) !== 0) return null;
    const data = new Uint8Array(Buffer.concat(this.#parts));
    this.#reset();
    return { type: 'code', symbology, data };
  }

  /** No report followed in time: half a code is given up, and what still comes of it is dropped until the next pause. */
  idle(): PosCode | null {
    if (this.#symbology !== null) return this.#problem('cut', 0);
    this.#dropping = false;
    return null;
  }

  /** True when silence would end something; only then a timer is needed. */
  get pending(): boolean {
    return this.#symbology !== null || this.#dropping;
  }

  /** Bytes of the code in hand. */
  get heldBytes(): number {
    return this.#length;
  }

  #problem(code: 'tooLong' | 'badReply' | 'cut', bytes: number): PosCode {
    const discardedBytes = this.#length + bytes;
    this.#reset();
    this.#dropping = true;
    return { type: 'problem', code, discardedBytes };
  }

  #reset(): void {
    this.#parts = [];
    this.#length = 0;
    this.#symbology = null;
  }
}
