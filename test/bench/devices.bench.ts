import { mkdirSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { unwrap } from '../../app/contract/result.ts';
import { laneControllerTimes } from '../../native-bridge/devices/lane-controller-times.ts';
import { LineStreamScanner } from '../../native-bridge/devices/line-stream-scanner.ts';
import { ModbusLaneController } from '../../native-bridge/devices/modbus-lane-controller.ts';
import { Pn532ChipReader } from '../../native-bridge/devices/pn532-chip-reader.ts';
import type { EventSource } from '../../native-bridge/ports/event-source.ts';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { LOT_TURNSTILE } from '../../native-bridge/protocol/turnstile-map.ts';
import { LaneControllerSimulator } from '../../native-bridge/simulators/lane-controller-simulator.ts';
import { Pn532Simulator } from '../../native-bridge/simulators/pn532-simulator.ts';
import { PtyPort } from '../../native-bridge/simulators/pty-port.ts';
import { SimulatorProcess } from '../../native-bridge/simulators/simulator-process.ts';
import type { ByteLink } from '../../native-bridge/transport/byte-link.ts';
import { eightNoneOne, serialOpener } from '../../native-bridge/transport/serial-link.ts';

// Devices over real pseudo-terminals and the real serial binding: what a driver adds to the wire, and what idle devices cost.

const TURNS = Number(process.env.BENCH_TURNS ?? 1_000);
const IDLE_SECONDS = Number(process.env.BENCH_IDLE_SECONDS ?? 5);

interface Spread {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly count: number;
}

export interface DevicesBench {
  /** The same bytes as one APDU exchange (command, ACK, answer) between the pty's ends, without a driver or a reader. */
  readonly rawRoundTrip: Spread;
  readonly pn532Apdu: Spread;
  /** Median of an APDU above the raw round trip: driver and simulator together, so an upper bound for the driver. Bar: 0.3 ms. */
  readonly pn532OverheadMs: number;
  /** All registers of three doors, on a pty where bytes take no time and without the units' pauses. Bar: 5 ms. */
  readonly modbusPollAboveLine: Spread;
  /** What the same poll takes on a 9600 baud line with the pauses units want: bytes and silences, computed. */
  readonly modbusLineMs: number;
  /** Open acknowledged, walked through, passage and shut door told, zero-delay devices. */
  readonly doorCycle: Spread;
  /** Share of one core of the lane's side, four scanners and four lane controllers at their idle rates. Bar: 5 %. */
  readonly idleCpuPercent: number;
}

export async function run(): Promise<DevicesBench> {
  const rawRoundTrip = await measureRaw();
  const pn532Apdu = await measurePn532();
  const { modbusPollAboveLine, doorCycle } = await measureModbus();
  const figures: DevicesBench = {
    rawRoundTrip,
    pn532Apdu,
    pn532OverheadMs: round(pn532Apdu.p50Ms - rawRoundTrip.p50Ms),
    modbusPollAboveLine,
    modbusLineMs: round(modbusLineMs(3)),
    doorCycle,
    idleCpuPercent: await measureIdle(),
  };
  mkdirSync('out/bench', { recursive: true });
  writeFileSync('out/bench/devices.json', `${JSON.stringify(figures, null, 2)}\n`);
  return figures;
}

async function timeTurns(turns: number, turn: () => Promise<unknown>): Promise<Spread> {
  for (let i = 0; i < 50; i++) await turn();
  const tookMs: number[] = [];
  for (let i = 0; i < turns; i++) {
    const before = performance.now();
    await turn();
    tookMs.push(performance.now() - before);
  }
  tookMs.sort((a, b) => a - b);
  const at = (share: number): number => round(tookMs[Math.floor(share * (tookMs.length - 1))] ?? 0);
  return { p50Ms: at(0.5), p95Ms: at(0.95), count: turns };
}

function untilEvent<E extends { readonly type: string }>(source: EventSource<E>, type: E['type']): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = source.subscribe((event) => {
      if (event.type !== type) return;
      unsubscribe();
      resolve();
    });
  });
}

const APDU = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x00);
const COMMAND_BYTES = 14;
const ANSWER_BYTES = 6 + 17;

async function measureRaw(): Promise<Spread> {
  const port: PtyPort = new PtyPort(null, () => port.send(new Uint8Array(ANSWER_BYTES)));
  port.plug();
  let heard = 0;
  let done = (): void => {};
  const received = (bytes: Uint8Array): void => {
    heard += bytes.length;
    if (heard === ANSWER_BYTES) done();
  };
  const link: ByteLink = unwrap(
    await serialOpener(port.path, eightNoneOne(115_200)).open({ received, closed: () => {} }),
  );
  const spread = await timeTurns(TURNS, async () => {
    heard = 0;
    const answered = new Promise<void>((resolve) => {
      done = resolve;
    });
    unwrap(await link.write(new Uint8Array(COMMAND_BYTES)));
    await answered;
  });
  await link.close();
  port.close();
  return spread;
}

async function measurePn532(): Promise<Spread> {
  const simulator = new Pn532Simulator({ linkPath: null, timing: systemTiming, apduMs: 0, activationMs: 1 });
  const card = { transmit: (command: Uint8Array) => Promise.resolve(Uint8Array.of(...command, 0x90, 0x00)) };
  simulator.presentChip({ card, kind: 'typeA', uid: Uint8Array.of(8, 1, 2, 3) });
  const reader = new Pn532ChipReader({
    opener: serialOpener(simulator.path, eightNoneOne(115_200)),
    timing: systemTiming,
  });
  const ready = untilEvent(reader, 'ready');
  reader.start();
  await ready;
  const channel = unwrap(await reader.awaitChip(5_000));
  const spread = await timeTurns(TURNS, async () => unwrap(await channel.transmit(APDU)));
  await reader.close();
  simulator.close();
  return spread;
}

/** Requests of 8 bytes, answers of 5 bytes and the registers, 10 bits a byte; before each frame the unit's pause. */
function modbusLineMs(doors: number): number {
  const bytes = 8 + 5 + 2 * LOT_TURNSTILE.status.count + 8 + 5 + 2;
  return doors * ((bytes * 10_000) / LOT_TURNSTILE.baudRate + 2 * LOT_TURNSTILE.interFrameGapMs);
}

async function measureModbus(): Promise<Pick<DevicesBench, 'modbusPollAboveLine' | 'doorCycle'>> {
  const lane = new LaneControllerSimulator({
    linkPath: null,
    timing: systemTiming,
    map: LOT_TURNSTILE,
    doorCount: 3,
    travelMs: 0,
  });
  const controller = controllerAt(lane.path, [1, 2, 3], 0);
  const ready = untilEvent(controller, 'ready');
  controller.start();
  await ready;
  const modbusPollAboveLine = await timeTurns(Math.min(TURNS, 300), async () => unwrap(await controller.readState()));
  const doorCycle = await timeTurns(Math.min(TURNS, 300), async () => {
    const shut = untilEvent(controller, 'doorClosed');
    unwrap(await controller.openDoor(1, 'forward', 1));
    await lane.walkIn(1);
    await shut;
    lane.clearPeople();
  });
  await controller.close();
  lane.close();
  return { modbusPollAboveLine, doorCycle };
}

function controllerAt(path: string, units: readonly number[], interFrameGapMs: number): ModbusLaneController {
  const times = { ...laneControllerTimes(LOT_TURNSTILE), interFrameGapMs };
  return new ModbusLaneController({
    opener: serialOpener(path, eightNoneOne(9_600)),
    timing: systemTiming,
    map: LOT_TURNSTILE,
    units,
    times,
  });
}

/** The devices themselves run in other processes, so that only the drivers are counted. */
async function measureIdle(): Promise<number> {
  const options = { folder: null, doorCount: 3, readingMs: 0, travelMs: 0 } as const;
  const processes = await Promise.all([1, 2, 3, 4].map(() => SimulatorProcess.start(options)));
  const scanners = processes.map(
    ({ paths }) =>
      new LineStreamScanner({ opener: serialOpener(paths.documentScanner, eightNoneOne(9_600)), timing: systemTiming }),
  );
  const controllers = processes.map(({ paths }) =>
    controllerAt(paths.laneController, [1, 2, 3], LOT_TURNSTILE.interFrameGapMs),
  );
  const ready = [
    ...scanners.map((device) => untilEvent(device, 'ready')),
    ...controllers.map((device) => untilEvent(device, 'ready')),
  ];
  for (const device of [...scanners, ...controllers]) device.start();
  await Promise.all(ready);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await sleep(IDLE_SECONDS * 1_000);
  const used = process.cpuUsage(before);
  const percent = ((used.user + used.system) / 1_000 / (performance.now() - startedAt)) * 100;
  await Promise.all([...scanners, ...controllers].map((device) => device.close()));
  await Promise.all(processes.map((each) => each.close()));
  return round(percent);
}

const round = (value: number): number => Math.round(value * 100) / 100;

if (import.meta.main) console.log(JSON.stringify(await run(), null, 2));
