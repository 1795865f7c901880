import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { LOT_TURNSTILE } from '../../native-bridge/protocol/turnstile-map.ts';
import { LaneControllerSimulator } from '../../native-bridge/simulators/lane-controller-simulator.ts';
import { LineStreamScannerSimulator } from '../../native-bridge/simulators/line-stream-scanner-simulator.ts';
import { Pn532Simulator } from '../../native-bridge/simulators/pn532-simulator.ts';
import { SimulatedAccessories } from '../../native-bridge/simulators/simulated-accessories.ts';
import type { Topology } from '../contract/crossing.ts';
import { unwrap } from '../contract/result.ts';
import { type LaneProfile, readLaneProfile } from '../lane/lane-profile.ts';
import { ChipOffice } from './chips.ts';
import { seedLane } from './seed-lane.ts';

export interface DemoWorldOptions {
  /** Emptied first: a demonstration starts from nothing. */
  readonly folder: string;
  readonly topology: Topology;
  /** How long people and documents take; 0 for tests and benchmarks. Milliseconds. */
  readonly readingMs: number;
  readonly travelMs: number;
  readonly delays: Readonly<Record<string, number>>;
  /** A chip reader is fitted, and the demonstration's authority is trusted. */
  readonly chipReader?: boolean;
  /** Controls on the network, or another home of the record: parts of the lane profile as they are. */
  readonly network?: Readonly<Partial<Record<'controls' | 'home', unknown>>>;
  /** How the lane uses chips, where it differs from the defaults. */
  readonly chip?: Readonly<Record<string, unknown>>;
  /** Which of the simulated accessories are fitted, with what the profile says of each besides. */
  readonly accessories?: Readonly<Partial<Record<AccessoryName, Readonly<Record<string, unknown>>>>>;
}

export type AccessoryName = keyof SimulatedAccessories['profile'];

/** The far end of every wire of one lane, and the lane profile that points at it. */
export interface DemoWorld {
  readonly profilePath: string;
  readonly profile: LaneProfile;
  readonly scanner: LineStreamScannerSimulator;
  readonly doors: LaneControllerSimulator;
  /** Null: none is fitted. */
  readonly chipReader: Pn532Simulator | null;
  readonly chipOffice: ChipOffice;
  /** Null: none is fitted. */
  readonly accessories: SimulatedAccessories | null;
  close(): void;
}

export async function openDemoWorld({
  folder,
  topology,
  readingMs,
  travelMs,
  delays,
  chipReader: fitted = false,
  chip = {},
  network = {},
  accessories: more = {},
}: DemoWorldOptions): Promise<DemoWorld> {
  const data = join(folder, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const wire = (name: string): string => join(folder, `tty-${name}`);
  const timing = systemTiming;
  const scanner = new LineStreamScannerSimulator({
    linkPath: wire('scanner'),
    timing,
    readingMs,
    lineEnd: '\r',
    envelope: false,
  });
  const doors = new LaneControllerSimulator({
    linkPath: wire('doors'),
    timing,
    map: LOT_TURNSTILE,
    doorCount: topology === 'threeDoor' ? 3 : 2,
    travelMs,
  });
  const chipReader = fitted ? new Pn532Simulator({ linkPath: wire('chip'), timing, apduMs: 0, activationMs: 1 }) : null;
  const accessories =
    Object.keys(more).length === 0
      ? null
      : new SimulatedAccessories({ folder, timing, lookMs: readingMs, moveMs: travelMs });
  const profilePath = join(folder, 'lane.json');
  const rules = (side: string): string => fileURLToPath(new URL(`${RULES_FOLDER}${side}.demo.json`, import.meta.url));
  const profile = {
    version: 1,
    laneId: 'DEMO-1',
    topology,
    direction: { from: 'CHN', to: 'MAC' },
    dataFolder: data,
    devices: {
      documentScanner: { driver: 'lineStream', at: { path: scanner.path }, baudRate: 115_200 },
      laneController: {
        driver: 'modbusTurnstile',
        at: { path: doors.path },
        baudRate: 9_600,
        map: 'lotTurnstile',
        units: topology === 'threeDoor' ? [1, 2, 3] : [1, 2],
        passTimeS: 20,
        passageTimeS: 10,
      },
      chipReader: chipReader === null ? null : { driver: 'pn532', at: { path: chipReader.path } },
      ...Object.fromEntries(
        Object.entries(more).map(([name, said]) => [name, { ...accessories?.profile[name as AccessoryName], ...said }]),
      ),
    },
    chip,
    controls: { exit: { kind: 'embedded', rules: rules('exit') }, entry: { kind: 'embedded', rules: rules('entry') } },
    delays,
    ...network,
  };
  writeFileSync(profilePath, JSON.stringify(profile, null, 2));
  const read = unwrap(readLaneProfile(profilePath));
  await seedLane(read);
  const chipOffice = new ChipOffice(new Date());
  if (fitted) chipOffice.trustIn(data);
  return {
    profilePath,
    profile: read,
    scanner,
    doors,
    chipReader,
    chipOffice,
    accessories,
    close: () => {
      accessories?.close();
      chipReader?.close();
      scanner.close();
      doors.close();
    },
  };
}

/** From the sources, or from the flat bundle in dist/demo. */
const RULES_FOLDER = import.meta.url.endsWith('.ts')
  ? '../controls/rules/examples/'
  : '../../app/controls/rules/examples/';
