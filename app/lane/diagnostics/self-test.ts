import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FittedDevices } from '../../../native-bridge/devices/fitted-devices.ts';
import type { Side } from '../../contract/crossing.ts';
import {
  isReady,
  type ReadinessReport,
  SELF_CHECK_IDS,
  type SelfCheck,
  type SelfCheckId,
} from '../../contract/diagnostics-checks.ts';
import type { AccessoryName } from '../../contract/diagnostics-view.ts';
import type { Clock } from '../clock.ts';
import type { LaneProfile } from '../lane-profile.ts';
import {
  checkAccessory,
  checkChipReader,
  checkLaneController,
  checkScanner,
  READY_WITHIN_MS,
} from './checks/devices.ts';
import { checkCertificates, checkKeys } from './checks/keys.ts';
import { type ClockReading, checkClock, checkDisk, readClocks } from './checks/machine.ts';
import { type Found, found, timed } from './checks/timed.ts';
import { checkTrustList } from './checks/trust-list.ts';
import type { RunHeavy } from './heavy/heavy-task.ts';
import { SettingsFile } from './settings/settings-file.ts';

/** What one self-test looks at. The lane gives its own open devices; the command line opens them for the moment. */
export interface SelfTestSubjects {
  readonly profile: LaneProfile;
  readonly devices: Pick<FittedDevices, 'documentScanner' | 'laneController' | 'chipReader' | 'others'> & {
    isRequired(device: string): boolean;
  };
  /** Why a device is away, where its driver has told already; `notThere` is said otherwise. */
  readonly awayReason: (device: string) => string | null;
  /** What is known of the camera: it hangs on a window. */
  readonly camera: () => Found;
  readonly modelRoot: string;
  readonly heavy: RunHeavy;
  readonly clock: Clock;
  /** Both clocks when the lane started. */
  readonly started: ClockReading;
  /** When the journal was last written, if that is known. */
  readonly lastRecordedAt: string | null;
  readonly software: string;
}

/** Each look by its name; nothing is opened, moved or written by any of them. */
function looks(subjects: SelfTestSubjects): Readonly<Record<SelfCheckId, () => Promise<Found> | Found>> {
  const { profile, devices, heavy, clock } = subjects;
  const { dataFolder } = profile;
  const inData = (...names: string[]): string => join(dataFolder, ...names);
  const database =
    (...names: string[]) =>
    () =>
      heavy({ task: 'database', path: inData(...names) });
  const told = async (device: string, look: Promise<Found>): Promise<Found> => {
    const result = await look;
    const reason = result.code === 'notThere' ? subjects.awayReason(device) : null;
    return reason === null ? result : { ...result, code: reason };
  };
  const accessory = (device: AccessoryName) => () =>
    told(device, checkAccessory(devices.others.get(device), devices.isRequired(device), READY_WITHIN_MS));
  return {
    laneProfile: () => found('passed', null, { laneId: profile.laneId, topology: profile.topology }),
    documentScanner: () => told('documentScanner', checkScanner(devices.documentScanner, READY_WITHIN_MS)),
    laneController: () => told('laneController', checkLaneController(devices.laneController, READY_WITHIN_MS)),
    chipReader: () => told('chipReader', checkChipReader(devices.chipReader, READY_WITHIN_MS)),
    faceCamera: accessory('faceCamera'),
    cameraLight: accessory('cameraLight'),
    cameraTilt: accessory('cameraTilt'),
    indicator: accessory('indicator'),
    camera: subjects.camera,
    models: () => heavy({ task: 'models', modelRoot: subjects.modelRoot }),
    recordFile: database('record.sqlite'),
    journal: () => heavy({ task: 'journal', path: inData('record.sqlite') }),
    enrolment: database('enrolment.sqlite'),
    exitControl: () => checkControl(subjects, 'exit'),
    entryControl: () => checkControl(subjects, 'entry'),
    keys: () => checkKeys(dataFolder, clock.nowMs()),
    certificates: () => checkCertificates(dataFolder, clock.nowMs()),
    trustList: () =>
      checkTrustList(profile.chip.trustStore ?? inData('trust.sqlite'), devices.chipReader !== null, clock.nowMs()),
    settings: () => checkSettings(profile),
    clock: () => checkClock(subjects.started, readClocks(clock), profile.timeZone, subjects.lastRecordedAt),
    disk: () => checkDisk(dataFolder),
  };
}

/** An embedded control's own file; a control elsewhere answers for itself and is asked at each crossing. */
function checkControl({ profile, heavy }: SelfTestSubjects, side: Side): Promise<Found> | Found {
  if (profile.controls[side].kind !== 'embedded') return found('notFitted');
  return heavy({ task: 'database', path: join(profile.dataFolder, side, `control-${side}.sqlite`) });
}

function checkSettings({ dataFolder, laneId }: LaneProfile): Found {
  // Opening would make a key where there is none, and a look makes nothing.
  if (!existsSync(join(dataFolder, 'keys', 'lane-signing.pem'))) return found('failed', 'keyMissing');
  const file = SettingsFile.open(dataFolder, laneId);
  const read = file.ok ? file.value.read() : file;
  if (!read.ok) return found('failed', read.error.code);
  if (read.value === null) return found('passed', 'standardSettings');
  const { values, changedAt, officer, testDocuments } = read.value;
  return found('passed', null, {
    changed: Object.keys(values).length,
    changedAt,
    officer,
    testDocuments: testDocuments.length,
  });
}

/** Does the looks that are asked for, devices one after the other and never two at once on one line; always gives every one. */
export async function runSelfTest(
  subjects: SelfTestSubjects,
  only: readonly SelfCheckId[] = SELF_CHECK_IDS,
): Promise<ReadinessReport> {
  const all = looks(subjects);
  const checks: SelfCheck[] = [];
  for (const id of SELF_CHECK_IDS) {
    if (only.includes(id)) checks.push(await timed(id, all[id]));
  }
  return {
    laneId: subjects.profile.laneId,
    at: new Date(subjects.clock.nowMs()).toISOString(),
    ready: isReady(checks),
    software: subjects.software,
    checks,
  };
}
