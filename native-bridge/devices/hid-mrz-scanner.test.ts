import { encodePosReports } from '../framing/hid-pos-report.ts';
import { documentScannerContract } from '../ports/document-scanner.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { FakeHid } from '../transport/fake-hid.ts';
import { hidTextOpener, POS_TEXT_REPORT } from '../transport/hid-lines.ts';
import { LineStreamScanner } from './line-stream-scanner.ts';

/** OCR text in HID POS reports, as a keyboardless passport reader sends it. */
documentScannerContract('line-stream driver over HID reports', () => {
  const hid = new FakeHid();
  const scanner = new LineStreamScanner({
    opener: hidTextOpener(hid, POS_TEXT_REPORT),
    timing: systemTiming,
    idleGapMs: 1,
  });
  const send = async (bytes: Uint8Array): Promise<void> => {
    for (const report of encodePosReports(2, ']o3', bytes)) hid.say(report);
  };
  return {
    scanner,
    present: (lines) => send(new TextEncoder().encode(lines.map((line) => `${line}\r`).join(''))),
    presentBytes: send,
    unplug: () => hid.unplug(),
    replug: () => hid.plug(),
    end: () => scanner.close(),
  };
});
