import { encodeResponse } from '../framing/modbus-pdu.ts';
import { encodeRtu } from '../framing/modbus-rtu.ts';
import { encodePacket, TFI_ERROR } from '../framing/pn532-frame.ts';
import { encodeRealSenseId } from '../framing/realsense-id-packet.ts';
import type { ApduChannel } from '../ports/apdu-channel.ts';
import { echoCard } from '../ports/chip-reader.contract.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { faceMessage, REALSENSE_ID, REALSENSE_STATUS } from '../protocol/realsense-id.ts';
import { LOT_TURNSTILE } from '../protocol/turnstile-map.ts';
import { DoorModel } from '../simulators/door-model.ts';
import { ModbusSlave } from '../simulators/modbus-slave.ts';
import { Pn532Model } from '../simulators/pn532-model.ts';
import { RealSenseIdModel } from '../simulators/realsense-id-model.ts';
import { type FaultBench, faultMatrix, type Use } from './fault-matrix.contract.ts';
import { SerialWire } from './fault-wires.contract.ts';
import { laneControllerTimes } from './lane-controller-times.ts';
import { ModbusLaneController } from './modbus-lane-controller.ts';
import { Pn532ChipReader } from './pn532-chip-reader.ts';
import { RealSenseIdCamera } from './realsense-id-camera.ts';

// Devices that answer: what is asked for is numbered, so that an answer to something else is seen.

async function pn532Bench(): Promise<FaultBench> {
  const timing = new ManualTiming();
  const wire = new SerialWire();
  const model = new Pn532Model(timing, { apduMs: 0, activationMs: 0 }, (bytes) => wire.fromDevice(bytes));
  model.presentChip({ card: echoCard, kind: 'typeA', uid: Uint8Array.of(8, 1, 2, 3) });
  wire.onHeard = (bytes) => model.received(bytes);
  wire.onUnplug = () => model.powerDown();
  const reader = new Pn532ChipReader({ opener: wire.link, timing });
  let told = 0;
  let channel: ApduChannel | null = null;
  reader.subscribe(({ type }) => {
    told += 1;
    if (type === 'lost') channel = null;
  });
  reader.start();
  await timing.advance(100);
  const use = async (number: number): Promise<Use> => {
    if (channel === null) {
      const opened = await reader.awaitChip(500);
      if (!opened.ok) return opened.error;
      channel = opened.value;
    }
    const command = Uint8Array.of(0x00, 0xb0, number >>> 8, number & 0xff);
    const answer = await channel.transmit(command);
    if (!answer.ok) {
      channel = null;
      return answer.error;
    }
    const expected = Uint8Array.of(...command, 0x90, 0x00);
    return Buffer.compare(answer.value, expected) === 0 ? 'right' : 'wrong';
  };
  return { timing, wire, use, ready: () => reader.ready, told: () => told, end: () => reader.close() };
}

faultMatrix({
  name: 'PN532',
  open: pn532Bench,
  refuse: () => encodePacket(TFI_ERROR, new Uint8Array(0)),
  answers: true,
  hasHeartbeat: true,
  checkedByTransport: false,
  patienceMs: 15_000,
  lateMs: [65, 120, 510, 4_050],
  bytesPerSecond: 11_520,
});

async function modbusBench(): Promise<FaultBench> {
  const timing = new ManualTiming();
  const wire = new SerialWire();
  const doors = [1, 2].map(() => new DoorModel(LOT_TURNSTILE, timing, () => {}));
  const units = new Map(doors.map((door, index) => [index + 1, door] as const));
  const slave = new ModbusSlave(units, timing, (bytes) => wire.fromDevice(bytes));
  wire.onHeard = (bytes) => slave.received(bytes);
  const times = { ...laneControllerTimes(LOT_TURNSTILE), slowPollMs: 60_000 };
  const controller = new ModbusLaneController({ opener: wire.link, timing, map: LOT_TURNSTILE, units: [1, 2], times });
  let told = 0;
  let passed = 0;
  controller.subscribe(() => {
    told += 1;
  });
  controller.start();
  await timing.advance(500);
  // Before each use one more went through: the answer to an older question is a smaller number.
  const use = async (): Promise<Use> => {
    doors[0]?.countPassage('forward', 1);
    passed += 1;
    const counted = await controller.countForward(1);
    if (!counted.ok) return counted.error;
    return counted.value === passed ? 'right' : 'wrong';
  };
  return { timing, wire, use, ready: () => controller.ready, told: () => told, end: () => controller.close() };
}

faultMatrix({
  name: 'Modbus door units',
  open: modbusBench,
  refuse: (reply) =>
    encodeRtu(
      reply[0] ?? 1,
      encodeResponse({ kind: 'exception', functionCode: (reply[1] ?? 3) & 0x7f, exceptionCode: 4 }),
    ),
  answers: true,
  hasHeartbeat: true,
  checkedByTransport: false,
  patienceMs: 10_000,
  lateMs: [152, 160, 200, 290],
  bytesPerSecond: 960,
});

async function cameraBench(): Promise<FaultBench> {
  const timing = new ManualTiming();
  const wire = new SerialWire();
  const model = new RealSenseIdModel(timing, 0, (bytes) => wire.fromDevice(bytes));
  wire.onHeard = (bytes) => model.received(bytes);
  wire.onUnplug = () => model.powerDown();
  const camera = new RealSenseIdCamera({ opener: wire.link, timing });
  let told = 0;
  camera.subscribe(() => {
    told += 1;
  });
  camera.start();
  await timing.advance(100);
  // A person and a picture in turns: a late answer to one is the wrong one to the other.
  const use = async (number: number): Promise<Use> => {
    const isPerson = number % 2 === 0;
    if (model.sight !== 'nobody') model.leave();
    model.present(isPerson ? 'person' : 'photo', 'centred');
    const verdict = await camera.detectSpoof();
    if (!verdict.ok) return verdict.error;
    return verdict.value === (isPerson ? 'live' : 'spoof') ? 'right' : 'wrong';
  };
  return { timing, wire, use, ready: () => camera.ready, told: () => told, end: () => camera.close() };
}

faultMatrix({
  name: 'RealSense ID',
  open: cameraBench,
  refuse: () => encodeRealSenseId(faceMessage(REALSENSE_ID.reply, 1, REALSENSE_STATUS.error)),
  answers: true,
  hasHeartbeat: true,
  checkedByTransport: false,
  patienceMs: 15_000,
  lateMs: [510, 1_100, 8_020],
  bytesPerSecond: 11_520,
});
