import type { Timing } from '../ports/timing.ts';
import { LOT_TURNSTILE } from '../protocol/turnstile-map.ts';
import { CommandedScannerSimulator } from './commanded-scanner-simulator.ts';
import { inField } from './emrtd/card-link.ts';
import { seededRandom, specimen } from './emrtd/specimen.ts';
import { LaneControllerSimulator } from './lane-controller-simulator.ts';
import { LineStreamScannerSimulator } from './line-stream-scanner-simulator.ts';
import { Pn532Simulator } from './pn532-simulator.ts';
import { RealSenseIdSimulator } from './realsense-id-simulator.ts';
import { ViscaSimulator } from './visca-simulator.ts';

export const STANDALONE_KINDS = [
  'line-stream',
  'elyctis',
  'newland',
  'honeywell',
  'lane-controller',
  'pn532',
  'realsense-id',
  'visca-tilt',
] as const;
export type StandaloneKind = (typeof STANDALONE_KINDS)[number];

export interface StandaloneDevice {
  readonly path: string;
  /** The verbs, for a person. */
  readonly usage: string;
  /** False: no such verb, or its argument is missing. Throws `ImpossibleAct`. */
  act(verb: string, words: readonly string[]): Promise<boolean>;
  close(): void;
}

type Verbs = Readonly<Record<string, (words: readonly string[]) => Promise<void> | void>>;

/** Names of verbs a person types, each with what it does; a verb that needs an argument says so by its name in `usage`. */
function deviceOf(path: string, usage: string, verbs: Verbs, close: () => void): StandaloneDevice {
  const act = async (verb: string, words: readonly string[]): Promise<boolean> => {
    const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (work === undefined || (usage.includes(`${verb} <`) && words.length === 0)) return false;
    await work(words);
    return true;
  };
  return { path, usage, act, close };
}

export function startStandalone(
  kind: StandaloneKind,
  pty: string | null,
  doorCount: 2 | 3,
  timing: Timing,
): StandaloneDevice {
  switch (kind) {
    case 'line-stream':
      return lineStream(pty, timing);
    case 'elyctis':
    case 'newland':
    case 'honeywell': {
      const scanner = new CommandedScannerSimulator(kind, pty);
      const verbs: Verbs = {
        presentDocument: (lines) => scanner.presentDocument(lines),
        unplug: () => scanner.unplug(),
        replug: () => scanner.replug(),
      };
      return deviceOf(scanner.path, 'presentDocument <line>.., unplug, replug', verbs, () => scanner.close());
    }
    case 'lane-controller':
      return laneController(pty, doorCount, timing);
    case 'pn532':
      return pn532(pty, timing);
    case 'realsense-id':
      return realSenseId(pty, timing);
    case 'visca-tilt':
      return viscaTilt(pty, timing);
  }
}

function lineStream(pty: string | null, timing: Timing): StandaloneDevice {
  const scanner = new LineStreamScannerSimulator({
    linkPath: pty,
    timing,
    readingMs: 300,
    lineEnd: '\r',
    envelope: false,
  });
  const verbs: Verbs = {
    presentDocument: (lines) => scanner.presentDocument(lines),
    removeDocument: () => scanner.removeDocument(),
    unplug: () => scanner.unplug(),
    replug: () => scanner.replug(),
  };
  return deviceOf(scanner.path, 'presentDocument <line>.., removeDocument, unplug, replug', verbs, () =>
    scanner.close(),
  );
}

function laneController(pty: string | null, doorCount: 2 | 3, timing: Timing): StandaloneDevice {
  const lane = new LaneControllerSimulator({ linkPath: pty, timing, map: LOT_TURNSTILE, doorCount, travelMs: 500 });
  const door = (words: readonly string[]): number => Number(words[0]);
  const verbs: Verbs = {
    walkIn: (words) => lane.walkIn(door(words)),
    walkBack: (words) => lane.walkBack(door(words)),
    tailgate: (words) => lane.tailgate(door(words)),
    jam: (words) => lane.jam(door(words)),
    unjam: (words) => lane.unjam(door(words)),
    pressEmergency: () => lane.pressEmergency(),
    releaseEmergency: () => lane.releaseEmergency(),
    unplug: () => lane.unplug(),
    replug: () => lane.replug(),
  };
  const usage =
    'walkIn <door>, walkBack <door>, tailgate <door>, jam <door>, unjam <door>, pressEmergency, releaseEmergency, unplug, replug';
  return deviceOf(lane.path, usage, verbs, () => lane.close());
}

/** The chip in its field is the specimen passport of Utopia (Doc 9303), opened by BAC. */
function pn532(pty: string | null, timing: Timing): StandaloneDevice {
  const reader = new Pn532Simulator({ linkPath: pty, timing, apduMs: 8, activationMs: 20 });
  const { card } = specimen({ random: seededRandom('standalone'), at: new Date() });
  const verbs: Verbs = {
    presentChip: () => reader.presentChip({ card: inField(card), kind: 'typeA', uid: Uint8Array.of(0x08, 1, 2, 3) }),
    removeChip: () => reader.removeChip(),
    unplug: () => reader.unplug(),
    replug: () => reader.replug(),
  };
  return deviceOf(reader.path, 'presentChip, removeChip, unplug, replug', verbs, () => reader.close());
}

function realSenseId(pty: string | null, timing: Timing): StandaloneDevice {
  const camera = new RealSenseIdSimulator({ linkPath: pty, timing, lookMs: 400 });
  const verbs: Verbs = {
    personStands: () => camera.present('person'),
    personStandsTooHigh: () => camera.present('person', 'tooHigh'),
    photoIsHeldUp: () => camera.present('photo'),
    leaves: () => camera.leave(),
    unplug: () => camera.unplug(),
    replug: () => camera.replug(),
  };
  const usage = 'personStands, personStandsTooHigh, photoIsHeldUp, leaves, unplug, replug';
  return deviceOf(camera.path, usage, verbs, () => camera.close());
}

function viscaTilt(pty: string | null, timing: Timing): StandaloneDevice {
  const mount = new ViscaSimulator({ linkPath: pty, timing, moveMs: 500 });
  const verbs: Verbs = {
    jam: () => mount.jam(),
    unjam: () => mount.unjam(),
    unplug: () => mount.unplug(),
    replug: () => mount.replug(),
  };
  return deviceOf(mount.path, 'jam, unjam, unplug, replug', verbs, () => mount.close());
}
