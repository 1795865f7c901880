import type { LinkOpener } from './byte-link.ts';
import type { HidOpener } from './hid-link.ts';

/** Where a report holds its text: the index of the length byte and of the first character. */
export interface HidTextReport {
  readonly lengthAt: number;
  readonly dataAt: number;
}

/** HID POS reports of passport readers in keyboardless mode: id, length, symbology of three characters, text. */
export const POS_TEXT_REPORT: HidTextReport = { lengthAt: 1, dataAt: 5 };

/**
 * A HID device that sends text in its input reports, as a plain stream of bytes: a line-stream scanner driver runs on it as on a
 * serial port. A report whose length byte lies is passed on as far as it goes; the deframer judges what it is.
 */
export function hidTextOpener(opener: HidOpener, { lengthAt, dataAt }: HidTextReport): LinkOpener {
  return {
    name: opener.name,
    open: (sink) =>
      opener.open({
        received: (report) => {
          const length = Math.min(report[lengthAt] ?? 0, Math.max(0, report.length - dataAt));
          if (length > 0) sink.received(report.subarray(dataAt, dataAt + length));
        },
        closed: () => sink.closed(),
      }),
  };
}
