import type { SelfCheckId, SelfOutcome } from '../../contract/diagnostics-checks.ts';
import {
  ACCESSORIES,
  type DeviceHealthView,
  type DeviceTest,
  type Workbench,
} from '../../contract/diagnostics-view.ts';

/** Every page of the workbench and its key, in the order of the list. */
export const PAGES = [
  { id: 'documentScanner', key: '1', group: 'devices' },
  { id: 'laneController', key: '2', group: 'devices' },
  { id: 'chipReader', key: '3', group: 'devices' },
  { id: 'camera', key: '4', group: 'devices' },
  { id: 'faceEngine', key: '5', group: 'devices' },
  { id: 'sound', key: '6', group: 'devices' },
  { id: 'accessories', key: '0', group: 'devices' },
  { id: 'stores', key: '7', group: 'lane' },
  { id: 'trust', key: '8', group: 'lane' },
  { id: 'machine', key: '9', group: 'lane' },
  { id: 'settings', key: 's', group: 'lane' },
  { id: 'trace', key: 'w', group: 'lane' },
  { id: 'support', key: 'b', group: 'lane' },
  { id: 'report', key: 'r', group: 'lane' },
] as const;
export type PageId = (typeof PAGES)[number]['id'];

export type Tone = 'go' | 'attention' | 'stop' | 'neutral';

export const OUTCOME_TONES: Readonly<Record<SelfOutcome, Tone>> = {
  passed: 'go',
  warning: 'attention',
  failed: 'stop',
  notDone: 'neutral',
  notFitted: 'neutral',
};

export const STATE_TONES: Readonly<Record<DeviceHealthView['state'], Tone>> = {
  ready: 'go',
  starting: 'neutral',
  lost: 'stop',
  flapping: 'attention',
  closed: 'neutral',
  notFitted: 'neutral',
};

/** Which self-checks a page shows, and which of the technician's tests belong to it. */
export const PAGE_CHECKS: Readonly<Partial<Record<PageId, readonly SelfCheckId[]>>> = {
  stores: ['recordFile', 'journal', 'enrolment', 'exitControl', 'entryControl'],
  trust: ['keys', 'certificates', 'trustList'],
  machine: ['clock', 'disk', 'settings', 'laneProfile'],
};

const PAGE_TESTS: Readonly<Partial<Record<PageId, readonly DeviceTest[]>>> = {
  documentScanner: ['document'],
  laneController: ['door', 'lamp'],
  chipReader: ['chip'],
  camera: ['camera', 'pad'],
  faceEngine: ['models'],
  sound: ['sound'],
  accessories: ['faceCamera', 'light', 'tilt', 'indicator'],
};

/** Of several devices in one place, the state that is told: the gravest. */
const GRAVEST = ['lost', 'flapping', 'starting', 'closed', 'ready', 'notFitted'] as const;

export function accessoryState({ devices }: Pick<Workbench, 'devices'>): DeviceHealthView['state'] {
  const states = devices
    .filter(({ device }) => (ACCESSORIES as readonly string[]).includes(device))
    .map(({ state }) => state);
  return GRAVEST.find((state) => states.includes(state)) ?? 'notFitted';
}

/** The colour of a page in the list: a device's health, or the worst of its checks; null when nothing is known. */
export function toneOf(page: PageId, { devices, readiness, results }: Workbench): Tone | null {
  const fitted = page === 'accessories' ? accessoryState({ devices }) : null;
  if (fitted !== null && fitted !== 'ready') return STATE_TONES[fitted];
  const device = devices.find((each) => each.device === page);
  if (device !== undefined && device.state !== 'ready') return STATE_TONES[device.state];
  const own = PAGE_TESTS[page] ?? [];
  const tested = results.find(({ test }) => own.includes(test));
  if (tested !== undefined && tested.outcome !== 'passed') return OUTCOME_TONES[tested.outcome];
  const ids = PAGE_CHECKS[page];
  if (ids !== undefined) {
    const outcomes = readiness?.checks.filter(({ id }) => ids.includes(id)).map(({ outcome }) => outcome) ?? [];
    for (const outcome of ['failed', 'warning', 'passed'] as const)
      if (outcomes.includes(outcome)) return OUTCOME_TONES[outcome];
    return null;
  }
  if (page === 'report' && readiness !== null) return readiness.ready ? 'go' : 'stop';
  if (fitted !== null) return STATE_TONES[fitted];
  return device === undefined ? (tested === undefined ? null : 'go') : 'go';
}
