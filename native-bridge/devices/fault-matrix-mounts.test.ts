import type { CameraMountEvent } from '../ports/camera-mount.ts';
import type { EventSource } from '../ports/event-source.ts';
import type { IndicatorEvent } from '../ports/indicator.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { LITRA_MOST, litraRefusal, lumensOf } from '../protocol/litra.ts';
import { VISCA_NOT_EXECUTABLE, viscaReply } from '../protocol/visca.ts';
import { HidRelayModel } from '../simulators/hid-relay-model.ts';
import { LitraModel } from '../simulators/litra-model.ts';
import { ViscaModel } from '../simulators/visca-model.ts';
import { type FaultBench, type FaultSubject, type FaultyWire, faultMatrix, type Use } from './fault-matrix.contract.ts';
import { HidWire, SerialWire } from './fault-wires.contract.ts';
import { HidRelayIndicator } from './hid-relay-indicator.ts';
import { LitraLight } from './litra-light.ts';
import { ViscaTilt } from './visca-tilt.ts';

// Light, tilt and lamps: "right" is what the device really does, not what the driver was told.

interface Driver extends EventSource<CameraMountEvent | IndicatorEvent> {
  readonly ready: boolean;
  start(): void;
  close(): Promise<void>;
}

async function benchOf(
  timing: ManualTiming,
  wire: FaultyWire,
  driver: Driver,
  use: (number: number) => Promise<Use>,
): Promise<FaultBench> {
  let told = 0;
  driver.subscribe(() => {
    told += 1;
  });
  driver.start();
  await timing.advance(100);
  return { timing, wire, use, ready: () => driver.ready, told: () => told, end: () => driver.close() };
}

const COMMON: Pick<FaultSubject, 'answers' | 'hasHeartbeat' | 'patienceMs'> = {
  answers: true,
  hasHeartbeat: true,
  patienceMs: 15_000,
};

faultMatrix({
  ...COMMON,
  name: 'Litra light',
  checkedByTransport: true,
  refuse: (reply) => litraRefusal(reply, 5),
  lateMs: [410, 900, 2_100],
  bytesPerSecond: 6_400,
  open: () => {
    const timing = new ManualTiming();
    const wire = new HidWire();
    const model = new LitraModel(LITRA_MOST.glow, (report) => wire.fromDevice(report));
    wire.onHeard = (report) => model.received(report);
    // Dark without its cable; what it shone until then is what the driver was told.
    let shoneAtLast = 0;
    wire.onUnplug = () => {
      shoneAtLast = model.shining;
      model.powerDown();
    };
    const light = new LitraLight({ opener: wire.hid, timing, model: 'glow' });
    const use = async (number: number): Promise<Use> => {
      const percent = 10 + (number % 80);
      const set = await light.setLight(percent);
      if (!set.ok) return set.error;
      return [model.shining, shoneAtLast].includes(lumensOf('glow', percent)) ? 'right' : 'wrong';
    };
    return benchOf(timing, wire, light, use);
  },
});

faultMatrix({
  ...COMMON,
  name: 'VISCA tilt',
  checkedByTransport: false,
  refuse: () => viscaReply.refused(1, VISCA_NOT_EXECUTABLE),
  lateMs: [410, 900, 4_050],
  bytesPerSecond: 960,
  open: () => {
    const timing = new ManualTiming();
    const wire = new SerialWire();
    const model = new ViscaModel(timing, 0, (bytes) => wire.fromDevice(bytes));
    wire.onHeard = (bytes) => model.received(bytes);
    wire.onUnplug = () => model.powerDown();
    const tilt = new ViscaTilt({
      opener: wire.link,
      timing,
      range: { lowestDegrees: -25, highestDegrees: 25, stepsPerDegree: 10 },
    });
    const use = async (number: number): Promise<Use> => {
      const degrees = (number % 40) - 20;
      const set = await tilt.setTilt(degrees);
      if (!set.ok) return set.error;
      // The mount may miss by as much as its driver forgives.
      return Math.abs(model.tilt - degrees * 10) <= 2 ? 'right' : 'wrong';
    };
    return benchOf(timing, wire, tilt, use);
  },
});

faultMatrix({
  ...COMMON,
  name: 'HID relay lamps',
  checkedByTransport: true,
  refuse: () => new Uint8Array(2),
  // A feature read is one transfer of USB: it comes, or it fails.
  lateMs: [],
  bytesPerSecond: 6_400,
  open: () => {
    const timing = new ManualTiming();
    const wire = new HidWire();
    const board = new HidRelayModel('BITFT');
    wire.onHeard = (report) => board.received(report);
    wire.state = () => board.report();
    wire.onUnplug = () => board.powerDown();
    const lamps = new HidRelayIndicator({ opener: wire.hid, timing, redRelay: 1, greenRelay: 2 });
    const use = async (number: number): Promise<Use> => {
      const lamp = (['red', 'green', 'amber'] as const)[number % 3] ?? 'red';
      const shown = await lamps.show(lamp);
      if (!shown.ok) return shown.error;
      return board.isOn(1) === (lamp !== 'green') && board.isOn(2) === (lamp !== 'red') ? 'right' : 'wrong';
    };
    return benchOf(timing, wire, lamps, use);
  },
});
