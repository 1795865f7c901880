import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { encodePosReports, PosReportAssembler } from '../framing/hid-pos-report.ts';
import type { CodeScannerEvent } from '../ports/code-scanner.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { relayStates } from '../protocol/hid-relay.ts';
import { FakeHid } from '../transport/fake-hid.ts';
import { nodeHidOpener } from '../transport/node-hid-link.ts';
import { HidCodeScanner } from './hid-code-scanner.ts';
import { HidRelayIndicator } from './hid-relay-indicator.ts';

test('codes of any length come back whole from their reports', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), (data) => {
      const assembler = new PosReportAssembler();
      const found = encodePosReports(2, ']Q1', data).map((report) => assembler.push(report));
      expect(found.at(-1)).toEqual({ type: 'code', symbology: ']Q1', data });
      expect(found.slice(0, -1).every((each) => each === null)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('any reports never throw, never grow, and the next code is read', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 0, maxLength: 64 }), { maxLength: 100 }), (junk) => {
      const assembler = new PosReportAssembler();
      for (const report of junk) assembler.push(report);
      assembler.idle();
      const [report] = encodePosReports(2, ']C1', Uint8Array.of(1, 2));
      expect(assembler.push(report ?? new Uint8Array(0))).toMatchObject({ type: 'code' });
    }),
    { numRuns: 100 },
  );
});

test('the code scanner: a code, a cut code, unplugging in the middle, and back again', async () => {
  const hid = new FakeHid();
  const timing = new ManualTiming();
  const scanner = new HidCodeScanner({ opener: hid, timing });
  const events: CodeScannerEvent[] = [];
  scanner.subscribe((event) => events.push(event));
  scanner.start();
  await timing.advance(0);
  const data = new Uint8Array(100).fill(0x41);
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = encodePosReports(2, ']Q1', data);
  hid.say(first);
  hid.say(second);
  hid.say(first);
  await timing.advance(200);
  // The rest of it, late: no code of its own.
  hid.say(second);
  await timing.advance(400);
  hid.say(first);
  hid.unplug();
  hid.plug();
  await timing.advance(2_000);
  expect(events).toEqual([
    { type: 'ready' },
    { type: 'codeRead', symbology: ']Q1', data },
    { type: 'readProblem', code: 'cut', discardedBytes: 56 },
    { type: 'readProblem', code: 'cut', discardedBytes: 64 },
    { type: 'readProblem', code: 'cut', discardedBytes: 56 },
    { type: 'lost', reason: 'unplugged' },
    { type: 'ready' },
  ]);
  await scanner.close();
});

/** The board's own behaviour on its feature reports. */
function relayBoard() {
  const hid = new FakeHid();
  let bits = 0;
  hid.onFeature = (report) => {
    const mask = 1 << ((report[2] ?? 1) - 1);
    if (report[1] === 0xff) bits |= mask;
    else if (report[1] === 0xfd) bits &= ~mask;
    else if (report[1] === 0xfc) bits = 0;
  };
  hid.feature = () => Uint8Array.of(1, 0x42, 0x49, 0x54, 0x46, 0x54, 0, 0, bits);
  return { hid, bits: () => bits, loseState: () => (bits = 0) };
}

test('lamps on relays: shown, read back, shown again after unplugging, red after close', async () => {
  const { hid, bits, loseState } = relayBoard();
  const timing = new ManualTiming();
  const indicator = new HidRelayIndicator({ opener: hid, timing, redRelay: 1, greenRelay: 2 });
  indicator.start();
  await timing.advance(0);
  for (const [lamp, expected] of [
    ['red', 0b01],
    ['amber', 0b11],
    ['green', 0b10],
    ['off', 0b00],
    ['red', 0b01],
  ] as const) {
    unwrap(await indicator.show(lamp));
    expect(bits()).toBe(expected);
  }
  hid.unplug();
  loseState();
  expect(await indicator.show('green')).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
  hid.plug();
  await timing.advance(2_000);
  expect(bits()).toBe(0b10);
  await indicator.close();
  expect(bits()).toBe(0b01);
});

test('from amber to dark and to red no moment is green', async () => {
  const { hid, bits } = relayBoard();
  const timing = new ManualTiming();
  const indicator = new HidRelayIndicator({ opener: hid, timing, redRelay: 1, greenRelay: 2 });
  indicator.start();
  await timing.advance(0);
  const moments: number[] = [];
  const board = hid.onFeature;
  hid.onFeature = (report) => {
    board(report);
    moments.push(bits());
  };
  for (const lamp of ['amber', 'off', 'amber', 'red', 'green', 'red'] as const) unwrap(await indicator.show(lamp));
  expect(moments.filter((moment) => moment === 0b10)).toHaveLength(1);
  await indicator.close();
});

test('a board that does not obey is an error, not a lamp', async () => {
  const { hid } = relayBoard();
  const timing = new ManualTiming();
  const indicator = new HidRelayIndicator({ opener: hid, timing, redRelay: 1, greenRelay: 2 });
  indicator.start();
  await timing.advance(0);
  hid.onFeature = () => {};
  expect(await indicator.show('red')).toEqual({ ok: false, error: { code: 'deviceRejected', detail: 0 } });
  hid.feature = () => Uint8Array.of(1, 2);
  expect(await indicator.show('red')).toEqual({ ok: false, error: { code: 'deviceGarbled' } });
  expect(indicator.ready).toBe(true);
  await timing.advance(2_000);
  expect(indicator.ready).toBe(false);
  await indicator.close();
});

test('a recorded report of a board with relay 1 on', () => {
  const recorded = Uint8Array.of(0x01, 0x42, 0x49, 0x54, 0x46, 0x54, 0x00, 0x00, 0x01);
  expect(relayStates(recorded)).toMatchObject({
    serial: 'BITFT',
    on: [true, false, false, false, false, false, false, false],
  });
  expect(relayStates(Uint8Array.of(1, 2, 3))).toBeNull();
});

// The binding needs libusb-1.0 even for hidraw; where the machine lacks it, that must be an answer and not a crash of the lane.
test('the real binding answers that a device is absent, or that it cannot be loaded', async () => {
  const opener = nodeHidOpener({ vendorId: 0x16c0, productId: 0x05df, serialNumber: 'none of ours', usagePage: null });
  const opened = await opener.open({ received: () => {}, closed: () => {} });
  if (opened.ok) throw new Error('a device that nobody has was opened');
  expect(['absent', 'failed']).toContain(opened.error.cause);
  if (opened.error.cause === 'failed')
    process.stderr.write(
      'node-hid could not be loaded here (apt-get install libusb-1.0-0): its listing was not tried\n',
    );
});
