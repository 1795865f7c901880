import type { CapturePolicy } from '../../../models/face/capture-policy.ts';
import { DEFAULT_MODEL_ROOT } from '../../../models/face/model-files.ts';
import type { FittedDevices } from '../../../native-bridge/devices/fitted-devices.ts';
import type { SettingValues } from '../../contract/diagnostics-settings.ts';
import type { DiagnosticsView } from '../../contract/diagnostics-view.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { CrossingDelays } from '../../domain/crossing/delays.ts';
import type { Accessories } from '../accessories.ts';
import type { Clock } from '../clock.ts';
import type { Diary } from '../diary.ts';
import type { LaneDelays, LaneState } from '../lane-parts.ts';
import type { LaneProfile } from '../lane-profile.ts';
import { DiagnosticsDesk } from './desk.ts';
import { heavyWorker } from './heavy/heavy-runner.ts';
import { DiagnosticsMarker } from './marker.ts';
import { delayValues, policyValues, standValues } from './settings/limits.ts';
import { SettingsDesk } from './settings/settings-desk.ts';
import { SettingsFile } from './settings/settings-file.ts';
import { Trace } from './watch/trace.ts';
import { TracedLaneController } from './watch/traced-lane-controller.ts';

/** What runs under settings: changed in place, read anew by each crossing. */
export interface LiveSettings {
  readonly crossing: CrossingDelays & { readonly controlDeadline: number };
  readonly lane: LaneDelays;
  readonly policy: CapturePolicy;
  readonly accessories: Pick<Accessories, 'ranges' | 'hands' | 'adjusted'>;
}

/** Made before the lane, so that every verb it says to its doors stands in the trace. */
export class LaneWatch {
  readonly trace: Trace;
  readonly doors: TracedLaneController;
  onChange: () => void = () => undefined;

  constructor(devices: FittedDevices, clock: Clock) {
    this.trace = new Trace(clock, () => this.onChange());
    this.doors = new TracedLaneController(devices.laneController, this.trace);
  }
}

export interface OpenDiagnosticsOptions {
  readonly profile: LaneProfile;
  readonly devices: FittedDevices;
  readonly watch: LaneWatch;
  readonly lane: LaneState;
  readonly diary: Diary;
  readonly clock: Clock;
  readonly portKey: Uint8Array;
  readonly live: LiveSettings;
  readonly software: string;
  readonly onView: (view: DiagnosticsView) => void;
}

/** The technician's desk of one lane. Its settings are in force when this resolves. */
export async function openDiagnostics(
  options: OpenDiagnosticsOptions,
): Promise<Result<DiagnosticsDesk, { readonly code: string; readonly detail: string }>> {
  const { profile, devices, watch, lane, diary, clock, portKey, live } = options;
  const { dataFolder, laneId, timeZone } = profile;
  const file = SettingsFile.open(dataFolder, laneId);
  if (!file.ok) return err({ code: file.error.code, detail: 'lane settings' });
  const settings = new SettingsDesk({
    file: file.value,
    base: {
      delays: profile.delays,
      passTimeS: profile.devices.laneController.passTimeS,
      policy: { ...live.policy },
      light: profile.devices.cameraLight ?? null,
      tilt: profile.devices.cameraTilt ?? null,
    },
    clock,
    diary,
    service: lane.service,
    apply: (values) => apply(live, values),
  });
  const desk = new DiagnosticsDesk({
    bench: {
      clock,
      diary,
      service: lane.service,
      trace: watch.trace,
      documentScanner: devices.documentScanner,
      laneController: watch.doors,
      chipReader: devices.chipReader,
      doors: () => lane.doors,
      heavy: heavyWorker(),
      modelRoot: profile.face.modelFolder ?? DEFAULT_MODEL_ROOT,
      dataFolder,
      portKey,
      timeZone,
    },
    profile,
    devices,
    accessories: live.accessories.hands,
    lane,
    settings,
    marker: new DiagnosticsMarker(dataFolder),
    software: options.software,
    onView: options.onView,
  });
  watch.onChange = () => desk.changed();
  await desk.start();
  return ok(desk);
}

/** Only the names each part knows; the objects are the lane's own, so that the next crossing runs under the new values. */
function apply({ crossing, lane, policy, accessories }: LiveSettings, values: SettingValues): void {
  for (const [name, value] of Object.entries(delayValues(values))) {
    if (name in crossing) Object.assign(crossing, { [name]: value });
    else if (name === 'showEnd') Object.assign(lane, { showEnd: value });
    else if (name === 'cameraSilence') Object.assign(lane, { cameraLook: value });
  }
  Object.assign(policy, policyValues(values));
  const { light, tilt } = standValues(values);
  if (accessories.ranges.light !== null) Object.assign(accessories.ranges.light, light);
  if (accessories.ranges.tilt !== null) Object.assign(accessories.ranges.tilt, tilt);
  accessories.adjusted();
}
