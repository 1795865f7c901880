import { ok, type Result } from '../../app/contract/result.ts';
import type { CameraLight, CameraTilt } from '../ports/camera-mount.ts';
import type { ChipReader } from '../ports/chip-reader.ts';
import type { CodeScanner } from '../ports/code-scanner.ts';
import type { LostReason } from '../ports/device-error.ts';
import type { DocumentScanner } from '../ports/document-scanner.ts';
import type { EventSource } from '../ports/event-source.ts';
import type { FaceCamera } from '../ports/face-camera.ts';
import type { Indicator } from '../ports/indicator.ts';
import type { LaneController } from '../ports/lane-controller.ts';
import type { Timing } from '../ports/timing.ts';
import { ELYCTIS } from '../protocol/elyctis.ts';
import { HONEYWELL } from '../protocol/honeywell.ts';
import { LITRA_PRODUCTS, LITRA_USAGE_PAGE, LITRA_VENDOR } from '../protocol/litra.ts';
import { NEWLAND } from '../protocol/newland.ts';
import { type TurnstileMap, turnedMap } from '../protocol/turnstile-map.ts';
import type { LinkOpener } from '../transport/byte-link.ts';
import { hidTextOpener, POS_TEXT_REPORT } from '../transport/hid-lines.ts';
import type { HidOpener } from '../transport/hid-link.ts';
import { type HidIdentity, nodeHidOpener } from '../transport/node-hid-link.ts';
import { openPcsc } from '../transport/pcsc-mini.ts';
import { eightNoneOne, serialOpener } from '../transport/serial-link.ts';
import { tcpOpener } from '../transport/tcp-link.ts';
import { usbSerialOpener } from '../transport/usb-serial-link.ts';
import { CommandedScanner } from './commanded-scanner.ts';
import { DeviceHealth, FLAP_RULE, type FlapRule, type HealthReport } from './device-health.ts';
import {
  type DeviceProfile,
  type DeviceProfileError,
  type HidAddress,
  type SerialAddress,
  turnstileMapOf,
} from './device-profile.ts';
import { HidCodeScanner } from './hid-code-scanner.ts';
import { HidRelayIndicator } from './hid-relay-indicator.ts';
import { laneControllerTimes } from './lane-controller-times.ts';
import type { LatencyHistogram } from './latency-histogram.ts';
import { LineStreamScanner } from './line-stream-scanner.ts';
import { LitraLight } from './litra-light.ts';
import { MeasuredChipReader } from './measured-chip-reader.ts';
import { MeasuredLaneController } from './measured-lane-controller.ts';
import { ModbusLaneController } from './modbus-lane-controller.ts';
import { PcscChipReader } from './pcsc-chip-reader.ts';
import { CHIP_READER_TIMES, Pn532ChipReader } from './pn532-chip-reader.ts';
import { RealSenseIdCamera } from './realsense-id-camera.ts';
import { ViscaTilt } from './visca-tilt.ts';
import { VpcdChipReader } from './vpcd-chip-reader.ts';

const DIALECTS = { elyctis: ELYCTIS, newland: NEWLAND, honeywell: HONEYWELL };
const CONNECT_TIMEOUT_MS = 3_000;

/** The link to an address of a lane profile. */
function openerOf(at: SerialAddress, baudRate: number): LinkOpener {
  if ('path' in at) return serialOpener(at.path, eightNoneOne(baudRate));
  if ('usb' in at) return usbSerialOpener(at.usb, eightNoneOne(baudRate));
  return tcpOpener(at.tcp.host, at.tcp.port, CONNECT_TIMEOUT_MS);
}

const POS_USAGE_PAGE = 0x8c;

function identityOf({ vendorId, productId, serialNumber }: HidAddress, usagePage: number | null): HidIdentity {
  const number = (hexadecimal: string): number => Number.parseInt(hexadecimal, 16);
  return { vendorId: number(vendorId), productId: number(productId), serialNumber, usagePage };
}

function scannerOf(
  { driver, at, baudRate, hid }: DeviceProfile['documentScanner'],
  timing: Timing,
  openHid: OpenHid,
): DocumentScanner {
  const opener =
    hid === undefined
      ? openerOf(at, baudRate)
      : hidTextOpener(openHid(identityOf(hid, POS_USAGE_PAGE)), POS_TEXT_REPORT);
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
  const { apduTimeoutMs } = CHIP_READER_TIMES;
  if (fitted.driver === 'vpcd')
    return new VpcdChipReader({ host: fitted.host, port: fitted.port, timing, apduTimeoutMs });
  const { name, extendedLength } = fitted;
  return new PcscChipReader({ load: (sink) => openPcsc(sink), name, timing, apduTimeoutMs, extendedLength });
}

/** What only some lanes have, as far as it is watched. */
export interface OtherDevice extends EventSource<{ readonly type: string; readonly reason?: LostReason }> {
  readonly ready: boolean;
  /** Of drivers that time their commands themselves. */
  readonly latency?: LatencyHistogram;
  start(): void;
  close(): Promise<void>;
}

function otherDevices(profile: DeviceProfile, timing: Timing, openHid: OpenHid) {
  const { codeScanner, faceCamera, cameraLight, cameraTilt, indicator } = profile;
  return {
    codeScanner:
      codeScanner == null
        ? null
        : new HidCodeScanner({ opener: openHid(identityOf(codeScanner.hid, POS_USAGE_PAGE)), timing }),
    faceCamera: faceCamera == null ? null : new RealSenseIdCamera({ opener: openerOf(faceCamera.at, 115_200), timing }),
    cameraLight:
      cameraLight == null
        ? null
        : new LitraLight({ opener: openHid(litraOf(cameraLight)), model: cameraLight.model, timing }),
    cameraTilt:
      cameraTilt == null
        ? null
        : new ViscaTilt({ opener: openerOf(cameraTilt.at, cameraTilt.baudRate), timing, range: cameraTilt }),
    indicator:
      indicator == null
        ? null
        : new HidRelayIndicator({
            opener: openHid(identityOf(indicator.hid, null)),
            timing,
            redRelay: indicator.redRelay,
            greenRelay: indicator.greenRelay,
          }),
  };
}

function litraOf({ model, serialNumber }: NonNullable<DeviceProfile['cameraLight']>): HidIdentity {
  return { vendorId: LITRA_VENDOR, productId: LITRA_PRODUCTS[model], serialNumber, usagePage: LITRA_USAGE_PAGE };
}

type OpenHid = (identity: HidIdentity) => HidOpener;

export interface FittingOptions {
  /** Between two polls of a door that is shut. Milliseconds. */
  readonly slowPollMs?: number;
  /** Between two polls of a door that is open. Milliseconds. */
  readonly fastPollMs?: number;
  /** When a device that comes and goes is out of service, and how long it must be steady to be in again. */
  readonly flapRule?: FlapRule;
  /** How HID devices are opened: by `node-hid`, unless something stands in for them where the machine has none. */
  readonly openHid?: OpenHid;
}

/** Everything one lane profile names, watched. Each device has its own link, timers and queue: a wedged one delays no other. */
export class FittedDevices {
  readonly documentScanner: DocumentScanner;
  readonly laneController: LaneController;
  readonly chipReader: ChipReader | null;
  /** What only some lanes have. */
  readonly codeScanner: CodeScanner | null;
  readonly faceCamera: FaceCamera | null;
  readonly cameraLight: CameraLight | null;
  readonly cameraTilt: CameraTilt | null;
  readonly indicator: Indicator | null;
  readonly health: readonly DeviceHealth[];
  /** What only some lanes have, by the names of its health. */
  readonly others: ReadonlyMap<string, OtherDevice>;
  readonly #required: ReadonlySet<string>;

  constructor(profile: DeviceProfile, map: TurnstileMap, timing: Timing, options: FittingOptions = {}) {
    const { flapRule: rule = FLAP_RULE, openHid = nodeHidOpener } = options;
    this.documentScanner = scannerOf(profile.documentScanner, timing, openHid);
    const controller = controllerOf(profile.laneController, map, timing, options);
    const doors = new DeviceHealth('laneController', controller, timing, rule);
    this.laneController = new MeasuredLaneController(controller, doors.latency, timing);
    const chips = profile.chipReader === null ? null : chipReaderOf(profile.chipReader, timing);
    const chipHealth = chips === null ? null : new DeviceHealth('chipReader', chips, timing, rule);
    this.chipReader =
      chips === null || chipHealth === null ? null : new MeasuredChipReader(chips, chipHealth.latency, timing);
    const { codeScanner, faceCamera, cameraLight, cameraTilt, indicator } = otherDevices(profile, timing, openHid);
    this.codeScanner = codeScanner;
    this.faceCamera = faceCamera;
    this.cameraLight = cameraLight;
    this.cameraTilt = cameraTilt;
    this.indicator = indicator;
    const others = Object.entries({ codeScanner, faceCamera, cameraLight, cameraTilt, indicator }).flatMap(
      ([name, device]): (readonly [string, OtherDevice])[] => (device === null ? [] : [[name, device]]),
    );
    this.others = new Map(others);
    this.#required = new Set([
      'laneController',
      'documentScanner',
      'chipReader',
      ...(profile.faceCamera?.verdict === 'required' ? ['faceCamera'] : []),
    ]);
    this.health = [
      doors,
      new DeviceHealth('documentScanner', this.documentScanner, timing, rule),
      ...(chipHealth === null ? [] : [chipHealth]),
      ...others.map(([name, device]) => new DeviceHealth(name, device, timing, rule, device.latency)),
    ];
  }

  get reports(): readonly HealthReport[] {
    return this.health.map((each) => each.report);
  }

  /** Without this device nobody is let in; the lane can do without the others. */
  isRequired(device: string): boolean {
    return this.#required.has(device);
  }

  /** True when every fitted device is there and steady. */
  get allInService(): boolean {
    return this.health.every((each) => each.inService);
  }

  /** Doors first: they are shut before anything invites a traveller in. None waits for another. */
  start(): void {
    this.laneController.start();
    this.documentScanner.start();
    this.chipReader?.start();
    for (const device of this.others.values()) device.start();
  }

  /** Doors shut and lamps red first; then the rest, together. */
  async close(): Promise<void> {
    await this.laneController.close();
    await Promise.all(
      [this.documentScanner, this.chipReader, ...this.others.values()].map((device) => device?.close()),
    );
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
  if (!map.ok) return map;
  const met = profile.laneController.turned === true ? turnedMap(map.value) : map.value;
  return ok(new FittedDevices(profile, met, timing, options));
}
