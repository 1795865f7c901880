import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Timing } from '../ports/timing.ts';
import { LOT_TURNSTILE } from '../protocol/turnstile-map.ts';
import { LaneControllerSimulator } from './lane-controller-simulator.ts';
import { LineStreamScannerSimulator } from './line-stream-scanner-simulator.ts';

export interface SimulatedDevicesOptions {
  /** Folder for the device names `document-scanner` and `lane-controller`; null makes temporary ones. */
  readonly folder: string | null;
  readonly timing: Timing;
  readonly doorCount: 2 | 3;
  /** How long people and documents take; 0 for tests and benchmarks. */
  readonly readingMs: number;
  readonly travelMs: number;
}

/** Every device of one lane, at the far end of its cables. */
export class SimulatedDevices {
  readonly scanner: LineStreamScannerSimulator;
  readonly lane: LaneControllerSimulator;

  constructor({ folder, timing, doorCount, readingMs, travelMs }: SimulatedDevicesOptions) {
    if (folder !== null) mkdirSync(folder, { recursive: true });
    const link = (name: string): string | null => (folder === null ? null : path.join(folder, name));
    this.scanner = new LineStreamScannerSimulator({
      linkPath: link('document-scanner'),
      timing,
      readingMs,
      lineEnd: '\r',
      envelope: false,
    });
    this.lane = new LaneControllerSimulator({
      linkPath: link('lane-controller'),
      timing,
      map: LOT_TURNSTILE,
      doorCount,
      travelMs,
    });
  }

  /** What a lane profile names. */
  get paths(): { readonly documentScanner: string; readonly laneController: string } {
    return { documentScanner: this.scanner.path, laneController: this.lane.path };
  }

  close(): void {
    this.scanner.close();
    this.lane.close();
  }
}
