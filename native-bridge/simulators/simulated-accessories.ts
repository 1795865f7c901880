import path from 'node:path';
import type { Lamp } from '../ports/lane-controller.ts';
import type { Timing } from '../ports/timing.ts';
import { HID_RELAY_VENDOR } from '../protocol/hid-relay.ts';
import { FakeHid } from '../transport/fake-hid.ts';
import type { HidOpener } from '../transport/hid-link.ts';
import { HidRelayModel } from './hid-relay-model.ts';
import { LitraModel } from './litra-model.ts';
import { RealSenseIdSimulator } from './realsense-id-simulator.ts';
import { ViscaSimulator } from './visca-simulator.ts';

/** Lumens of a Litra Glow at its brightest. */
const GLOW_LUMENS = 250;
const [RED_RELAY, GREEN_RELAY] = [1, 2] as const;

export interface SimulatedAccessoriesOptions {
  /** Folder for the names of the serial devices; null makes temporary ones. */
  readonly folder: string | null;
  readonly timing: Timing;
  /** How long the depth camera looks, and the mount moves. */
  readonly lookMs: number;
  readonly moveMs: number;
}

/**
 * What only some lanes have: a depth camera and a camera mount at the far end of serial cables, and a lamp and a light as HID
 * devices, which have no far end that a machine could simulate: they are opened by `openHid`.
 */
export class SimulatedAccessories {
  readonly faceCamera: RealSenseIdSimulator;
  readonly tilt: ViscaSimulator;
  readonly light: LitraModel;
  readonly lightCable = new FakeHid();
  readonly lampCable = new FakeHid();
  readonly #board = new HidRelayModel('BITFT');
  readonly #lampListeners = new Set<() => void>();

  constructor({ folder, timing, lookMs, moveMs }: SimulatedAccessoriesOptions) {
    const link = (name: string): string | null => (folder === null ? null : path.join(folder, name));
    this.faceCamera = new RealSenseIdSimulator({ linkPath: link('tty-depth'), timing, lookMs });
    this.tilt = new ViscaSimulator({ linkPath: link('tty-tilt'), timing, moveMs });
    this.light = new LitraModel(GLOW_LUMENS, (report) => this.lightCable.say(report));
    this.lightCable.onReport = (report) => this.light.received(report);
    this.lampCable.feature = () => this.#board.report();
    this.lampCable.onFeature = (report) => {
      this.#board.received(report);
      for (const listener of this.#lampListeners) listener();
    };
  }

  /** What hangs on USB, by what it is. */
  readonly openHid = ({ vendorId }: { readonly vendorId: number }): HidOpener =>
    vendorId === HID_RELAY_VENDOR ? this.lampCable : this.lightCable;

  /** What somebody in the hall sees above the lane. */
  get lamp(): Lamp {
    const [red, green] = [this.#board.isOn(RED_RELAY), this.#board.isOn(GREEN_RELAY)];
    return red ? (green ? 'amber' : 'red') : green ? 'green' : 'off';
  }

  /** Called after each order to the lamp's board. */
  onLamp(listener: () => void): () => void {
    this.#lampListeners.add(listener);
    return () => this.#lampListeners.delete(listener);
  }

  /** What a lane profile says of them. */
  get profile() {
    return {
      faceCamera: { driver: 'realSenseId', at: { path: this.faceCamera.path } },
      cameraLight: { driver: 'litra', model: 'glow', serialNumber: null },
      cameraTilt: {
        driver: 'visca',
        at: { path: this.tilt.path },
        baudRate: 9_600,
        lowestDegrees: -25,
        highestDegrees: 25,
        stepsPerDegree: 13.33,
      },
      indicator: {
        driver: 'hidRelay',
        hid: { vendorId: '16c0', productId: '05df', serialNumber: null },
        redRelay: RED_RELAY,
        greenRelay: GREEN_RELAY,
      },
    } as const;
  }

  close(): void {
    this.faceCamera.close();
    this.tilt.close();
  }
}
