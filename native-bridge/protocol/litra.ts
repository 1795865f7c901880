/**
 * Logitech Litra lights (046D:C900 Glow, C901 Beam), HID usage page 0xFF43: reports of 20 bytes in the manner of HID++ 2.0, `11 FF`,
 * feature 04, function in the high and the asker's own number in the low half of byte 3, parameters. Answers repeat the first four
 * bytes; a refusal is `11 FF FF`, feature, byte 3 of the question, error.
 */
export const LITRA_VENDOR = 0x046d;
export const LITRA_PRODUCTS = { glow: 0xc900, beam: 0xc901 } as const;
export const LITRA_USAGE_PAGE = 0xff43;
const LITRA_REPORT = 20;
export type LitraModelName = keyof typeof LITRA_PRODUCTS;

/** Lumens. */
export const LITRA_LEAST = 20;
export const LITRA_MOST: Readonly<Record<LitraModelName, number>> = { glow: 250, beam: 400 };

export const LITRA = { isOn: 0, switch: 1, lumens: 3, setLumens: 4 } as const;
const HEAD = [0x11, 0xff] as const;
const FEATURE = 0x04;
const REFUSED = 0xff;

export function litraReport(functionIndex: number, tag: number, parameters: readonly number[]): Uint8Array {
  const report = new Uint8Array(LITRA_REPORT);
  report.set([...HEAD, FEATURE, (functionIndex << 4) | tag, ...parameters]);
  return report;
}

export function litraRefusal(question: Uint8Array, error: number): Uint8Array {
  const report = new Uint8Array(LITRA_REPORT);
  report.set([...HEAD, REFUSED, FEATURE, question[3] ?? 0, error]);
  return report;
}

export type LitraAnswer =
  | { readonly kind: 'answer'; readonly functionIndex: number; readonly tag: number; readonly parameters: Uint8Array }
  | { readonly kind: 'refused'; readonly functionIndex: number; readonly tag: number; readonly error: number };

/** Null for anything that is neither an answer nor a refusal. */
export function readLitra(report: Uint8Array): LitraAnswer | null {
  if (report.length !== LITRA_REPORT || report[0] !== HEAD[0] || report[1] !== HEAD[1]) return null;
  const refused = report[2] === REFUSED && report[3] === FEATURE;
  if (!refused && report[2] !== FEATURE) return null;
  const code = report[refused ? 4 : 3] ?? 0;
  const asked = { functionIndex: code >> 4, tag: code & 0x0f };
  return refused
    ? { kind: 'refused', ...asked, error: report[5] ?? 0 }
    : { kind: 'answer', ...asked, parameters: Uint8Array.from(report.subarray(4)) };
}

/** 1..100 percent of what the model can give; the least it can is still a light. */
export function lumensOf(model: LitraModelName, percent: number): number {
  const most = LITRA_MOST[model];
  return Math.round(LITRA_LEAST + ((most - LITRA_LEAST) * percent) / 100);
}
