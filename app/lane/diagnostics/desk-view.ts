import type { FittedDevices } from '../../../native-bridge/devices/fitted-devices.ts';
import { LATENCY_BOUNDS_MS } from '../../../native-bridge/devices/latency-histogram.ts';
import type { DoorState } from '../../../native-bridge/ports/lane-controller.ts';
import type { AuditEventId } from '../../contract/audit-events.ts';
import {
  ACCESSORIES,
  type DeviceHealthView,
  type DiagnosedDoor,
  MACHINE_EVENTS,
  type Workbench,
} from '../../contract/diagnostics-view.ts';
import type { TimelineEntry } from '../../contract/supervisor-view.ts';
import type { LaneProfile } from '../lane-profile.ts';
import type { Service } from '../service.ts';
import type { DeviceCounts } from './watch/device-counts.ts';
import type { TracedLaneController } from './watch/traced-lane-controller.ts';

const HISTORY_LENGTH = 60;
const MACHINE: ReadonlySet<AuditEventId> = new Set(MACHINE_EVENTS);

export function historyOf(timeline: readonly TimelineEntry[]): Workbench['history'] {
  return timeline
    .filter(({ event }) => MACHINE.has(event))
    .slice(-HISTORY_LENGTH)
    .map(({ at, event, detail }) => ({ at, event, detail }))
    .reverse();
}

export function doorViews(
  doors: readonly DoorState[],
  controller: TracedLaneController,
  known: boolean,
): DiagnosedDoor[] {
  return doors.map((door) => ({
    door: door.door,
    state: !known ? 'unknown' : door.errorBits !== 0 ? 'fault' : door.open ? 'open' : 'shut',
    occupied: door.occupied.exit || door.occupied.entry,
    lamp: controller.lampOf(door.door),
    countForward: door.countForward,
    countBackward: door.countBackward,
    errorBits: door.errorBits,
  }));
}

/** Drivers by what they count, then what hangs on the window and on the models. */
export function healthViews(
  devices: FittedDevices,
  profile: LaneProfile,
  counts: DeviceCounts,
  service: Service,
): DeviceHealthView[] {
  const drivers = { ...driversOf(profile) };
  const done: Partial<Record<string, number>> = {
    documentScanner: counts.documentsRead,
    laneController: counts.doorsOpened,
    chipReader: 0,
  };
  const names = ['documentScanner', 'laneController', 'chipReader', ...ACCESSORIES] as const;
  const watched = names.map((device): DeviceHealthView => {
    const report = devices.reports.find((each) => each.device === device);
    if (report === undefined) return { ...NOTHING, device, state: 'notFitted' };
    const { state, reason, timesReady, timesLost, problems, quietForMs, latency } = report;
    return {
      device,
      state,
      reason,
      driver: drivers[device],
      timesReady,
      timesLost,
      problems,
      // Of the others, every order is timed.
      done: done[device] ?? latency.count,
      quietForMs: quietForMs === null ? null : Math.round(quietForMs),
      latency:
        latency.count === 0
          ? null
          : {
              ...latency,
              maxMs: Math.round(latency.maxMs * 10) / 10,
              boundsMs: [...LATENCY_BOUNDS_MS],
              buckets: [...latency.buckets],
            },
    };
  });
  const faceReason = service.has('modelRefused')
    ? 'modelRefused'
    : service.has('faceEngineFailed')
      ? 'engineFailed'
      : null;
  return [
    ...watched,
    {
      ...NOTHING,
      device: 'camera',
      state: service.has('cameraFailed') ? 'lost' : 'ready',
      reason: service.has('cameraFailed') ? 'cameraFailed' : null,
      driver: 'getUserMedia',
    },
    {
      ...NOTHING,
      device: 'faceEngine',
      state: faceReason === null ? 'ready' : 'lost',
      reason: faceReason,
      driver: 'onnxruntime',
    },
  ];
}

const NOTHING = {
  reason: null,
  driver: null,
  timesReady: 0,
  timesLost: 0,
  problems: 0,
  done: 0,
  quietForMs: null,
  latency: null,
} as const;

function driversOf({ devices }: LaneProfile) {
  return {
    documentScanner: devices.documentScanner.driver,
    laneController: devices.laneController.driver,
    chipReader: devices.chipReader?.driver ?? null,
    faceCamera: devices.faceCamera?.driver ?? null,
    cameraLight: devices.cameraLight?.driver ?? null,
    cameraTilt: devices.cameraTilt?.driver ?? null,
    indicator: devices.indicator?.driver ?? null,
  };
}
