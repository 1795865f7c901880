import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DEFAULT_MODEL_ROOT } from '../../../models/face/model-files.ts';
import { fitDevices } from '../../../native-bridge/devices/fitted-devices.ts';
import { systemTiming } from '../../../native-bridge/ports/timing.ts';
import { isReady, type ReadinessReport, SELF_CHECK_IDS, type SelfCheckId } from '../../contract/diagnostics-checks.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { systemClock } from '../../lane/clock.ts';
import { checkClock, checkDisk, readClocks } from '../../lane/diagnostics/checks/machine.ts';
import { type Found, found, timed } from '../../lane/diagnostics/checks/timed.ts';
import { runHeavyHere } from '../../lane/diagnostics/heavy/heavy-task.ts';
import { runSelfTest } from '../../lane/diagnostics/self-test.ts';
import { type LaneProfile, readLaneProfile } from '../../lane/lane-profile.ts';

/** Both clocks at the start of the command: a jump while it runs is told, one before it is not known. */
const STARTED = readClocks(systemClock);

/** Tests the lane a profile describes. Its devices are opened for the moment: doors are found and kept shut, nothing moves. */
export async function testLane(
  profilePath: string,
  only: readonly SelfCheckId[],
): Promise<Result<ReadinessReport, string>> {
  const profile = readLaneProfile(profilePath);
  if (!profile.ok) {
    const { error } = profile;
    return err(`${error.code}: ${error.code === 'profileInvalid' ? error.problems.join('; ') : error.detail}`);
  }
  return testProfile(profile.value, dirname(profilePath), only);
}

export async function testProfile(
  profile: LaneProfile,
  profileFolder: string,
  only: readonly SelfCheckId[],
): Promise<Result<ReadinessReport, string>> {
  const devices = fitDevices(profile.devices, profileFolder, systemTiming);
  if (!devices.ok) return err(`${devices.error.code}: ${devices.error.detail}`);
  const { documentScanner, laneController, chipReader, others } = devices.value;
  // Only what is asked for is opened: a technician may test one device while another is being changed.
  if (only.includes('laneController')) laneController.start();
  if (only.includes('documentScanner')) documentScanner.start();
  if (only.includes('chipReader')) chipReader?.start();
  for (const [name, device] of others) if ((only as readonly string[]).includes(name)) device.start();
  try {
    return ok(
      await runSelfTest(
        {
          profile,
          devices: devices.value,
          awayReason: () => null,
          camera: () => found('notDone', 'onlyInTheWindow'),
          modelRoot: profile.face.modelFolder ?? DEFAULT_MODEL_ROOT,
          heavy: runHeavyHere,
          clock: systemClock,
          started: STARTED,
          lastRecordedAt: null,
          software: softwareVersion(),
        },
        only,
      ),
    );
  } finally {
    await devices.value.close();
  }
}

/** Without a profile there is no lane to be ready; what belongs to the machine and the software is tested all the same. */
export async function testWithoutLane(only: readonly SelfCheckId[]): Promise<ReadinessReport> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const own: Partial<Record<SelfCheckId, () => Promise<Found> | Found>> = {
    laneProfile: () => found('failed', 'noLaneProfile'),
    models: () => runHeavyHere({ task: 'models', modelRoot: DEFAULT_MODEL_ROOT }),
    clock: () => checkClock(STARTED, readClocks(systemClock), zone, null),
    disk: () => checkDisk(process.cwd()),
  };
  const checks = [];
  for (const id of SELF_CHECK_IDS) {
    if (only.includes(id)) checks.push(await timed(id, own[id] ?? (() => found('notDone', 'noLaneProfile'))));
  }
  return { laneId: 'none', at: new Date().toISOString(), ready: isReady(checks), software: softwareVersion(), checks };
}

function softwareVersion(): string {
  // The flat bundle lies one folder less deep.
  const place = import.meta.url.endsWith('.ts') ? '../../../package.json' : '../../package.json';
  const text = readFileSync(new URL(place, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
