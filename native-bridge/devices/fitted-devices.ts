import { ok, type Result } from '../../app/contract/result.ts';
import type { ChipReader } from '../ports/chip-reader.ts';
import type { DocumentScanner } from '../ports/document-scanner.ts';
import type { LaneController } from '../ports/lane-controller.ts';
import type { Timing } from '../ports/timing.ts';
import { ELYCTIS } from '../protocol/elyctis.ts';
import { HONEYWELL } from '../protocol/honeywell.ts';
import { NEWLAND } from '../protocol/newland.ts';
import type { TurnstileMap } from '../protocol/turnstile-map.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { tcpOpener } from '../transport/tcp-link.ts';
import { usbSerialOpener } from '../transport/usb-serial-link.ts';
import { CommandedScanner } from './commanded-scanner.ts';
import { DeviceHealth, FLAP_RULE, type FlapRule, type HealthReport } from './device-health.ts';
import { type DeviceProfile, type DeviceProfileError, type SerialAddress, turnstileMapOf } from './device-profile.ts';
import { LineStreamScanner } from './line-stream-scanner.ts';
import { MeasuredLaneController } from './measured-lane-controller.ts';
import { laneControllerTimes, ModbusLaneController } from './modbus-lane-controller.ts';
import { CHIP_READER_TIMES, Pn532ChipReader } from './pn532-chip-reader.ts';
import { VpcdChipReader } from './vpcd-chip-reader.ts';

const DIALECTS = { elyctis: ELYCTIS, newland: NEWLAND, honeywell: HONEYWELL };
const CONNECT_TIMEOUT_MS = 3_000;

/** The link to an address of a lane profile. */
export function openerOf(at: SerialAddress, baudRate: number): LinkOpener {
  if ('path' in at) return serialOpener(at.path, eightNoneOne(baudRate));
  if ('usb' in at) return usbSerialOpener(at.usb, eightNoneOne(baudRate));
  return tcpOpener(at.tcp.host, at.tcp.port, CONNECT_TIMEOUT_MS);
}

function scannerOf({ driver, at, baudRate }: DeviceProfile['documentScanner'], timing: Timing): DocumentScanner {
  const opener = openerOf(at, baudRate);
  if (driver === 'lineStream') return new LineStreamScanner({ opener, timing });
  return new CommandedScanner({ opener, timing, dialect: DIALECTS[driver] });
}

function controllerOf(
  { at, baudRate, units, passTimeS, passageTimeS }: DeviceProfile['laneController'],
  map: TurnstileMap,
  timing: Timing,
  { slowPollMs, fastPollMs }: FittingOptions,
): LaneController {
  const standard = laneControllerTimes(map);
  const times = {
    ...standard,
    passTimeS,
    passageTimeS,
    slowPollMs: slowPollMs ?? standard.slowPollMs,
    fastPollMs: fastPollMs ?? standard.fastPollMs,
  };
  return new ModbusLaneController({ opener: openerOf(at, baudRate), timing, map, units, times });
}

function chipReaderOf(fitted: NonNullable<DeviceProfile['chipReader']>, timing: Timing): ChipReader {
  if (fitted.driver === 'pn532') return new Pn532ChipReader({ opener: openerOf(fitted.at, 115_200), timing });
  return new VpcdChipReader({
    host: fitted.host,
    port: fitted.port,
    timing,
    apduTimeoutMs: CHIP_READER_TIMES.apduTimeoutMs,
  });
}

export interface FittingOptions {
  /** Between two polls of a door that is shut. Milliseconds. */
  readonly slowPollMs?: number;
  /** Between two polls of a door that is open. Milliseconds. */
  readonly fastPollMs?: number;
  /** When a device that comes and goes is out of service, and how long it must be steady to be in again. */
  readonly flapRule?: FlapRule;
}

/** Everything one lane profile names, watched. Each device has its own link, timers and queue: a wedged one delays no other. */
export class FittedDevices {
  readonly documentScanner: DocumentScanner;
  readonly laneController: LaneController;
  readonly chipReader: ChipReader | null;
  readonly health: readonly DeviceHealth[];

  constructor(profile: DeviceProfile, map: TurnstileMap, timing: Timing, options: FittingOptions = {}) {
    const rule = options.flapRule ?? FLAP_RULE;
    this.documentScanner = scannerOf(profile.documentScanner, timing);
    const controller = controllerOf(profile.laneController, map, timing, options);
    this.chipReader = profile.chipReader === null ? null : chipReaderOf(profile.chipReader, timing);
    const doors = new DeviceHealth('laneController', controller, timing, rule);
    this.laneController = new MeasuredLaneController(controller, doors.latency, timing);
    this.health = [
      doors,
      new DeviceHealth('documentScanner', this.documentScanner, timing, rule),
      ...(this.chipReader === null ? [] : [new DeviceHealth('chipReader', this.chipReader, timing, rule)]),
    ];
  }

  get reports(): readonly HealthReport[] {
    return this.health.map((each) => each.report);
  }

  /** True when the lane may take travellers: every fitted device is there and steady. */
  get allInService(): boolean {
    return this.health.every((each) => each.inService);
  }

  /** Doors first: they are shut before anything invites a traveller in. None waits for another. */
  start(): void {
    this.laneController.start();
    this.documentScanner.start();
    this.chipReader?.start();
  }

  /** Doors shut and lamps red first; then the rest, together. */
  async close(): Promise<void> {
    await this.laneController.close();
    await Promise.all([this.documentScanner.close(), this.chipReader?.close()]);
    for (const each of this.health) each.closed();
  }
}

/** Builds the devices of a profile; `profileFolder` is where its own register maps are. Nothing is opened before `start()`. */
export function fitDevices(
  profile: DeviceProfile,
  profileFolder: string,
  timing: Timing,
  options: FittingOptions = {},
): Result<FittedDevices, DeviceProfileError> {
  const map = turnstileMapOf(profile.laneController.map, profileFolder);
  return map.ok ? ok(new FittedDevices(profile, map.value, timing, options)) : map;
}
