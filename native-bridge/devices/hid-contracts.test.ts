import { encodePosReports } from '../framing/hid-pos-report.ts';
import { codeScannerContract } from '../ports/code-scanner.contract.ts';
import { indicatorContract } from '../ports/indicator.contract.ts';
import { systemTiming } from '../ports/timing.ts';
import { HidRelayModel } from '../simulators/hid-relay-model.ts';
import { FakeHid } from '../transport/fake-hid.ts';
import { HidCodeScanner } from './hid-code-scanner.ts';
import { HidRelayIndicator } from './hid-relay-indicator.ts';

codeScannerContract('HID POS driver over a report fake', () => {
  const hid = new FakeHid();
  const scanner = new HidCodeScanner({ opener: hid, timing: systemTiming, idleGapMs: 10 });
  return {
    scanner,
    hold: (symbology, data) => {
      for (const report of encodePosReports(2, symbology, data)) hid.say(report);
    },
    spoil: () => hid.say(new Uint8Array(64).fill(0xe9)),
    unplug: () => hid.unplug(),
    replug: () => hid.plug(),
    end: () => scanner.close(),
  };
});

indicatorContract('HID relay driver over a report fake', () => {
  const hid = new FakeHid();
  const board = new HidRelayModel('BITFT');
  hid.onFeature = (report) => board.received(report);
  hid.feature = () => board.report();
  const indicator = new HidRelayIndicator({ opener: hid, timing: systemTiming, redRelay: 1, greenRelay: 2 });
  return {
    indicator,
    shining: () => {
      const [red, green] = [board.isOn(1), board.isOn(2)];
      return red ? (green ? 'amber' : 'red') : green ? 'green' : 'off';
    },
    unplug: () => {
      hid.unplug();
      board.powerDown();
    },
    replug: () => hid.plug(),
    end: () => indicator.close(),
  };
});
