import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { ReadinessReport } from '../../contract/diagnostics-checks.ts';
import type { SettingsFileView, SettingView } from '../../contract/diagnostics-settings.ts';
import type { DeviceHealthView, TestResult, TraceLine, Workbench } from '../../contract/diagnostics-view.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { TimelineEntry } from '../../contract/supervisor-view.ts';
import type { LaneProfile } from '../lane-profile.ts';
import { historyOf } from './desk-view.ts';

/** Everything that goes into a bundle; there is no other way in. */
export interface BundleContents {
  readonly profile: LaneProfile;
  readonly software: string;
  readonly at: string;
  readonly readiness: ReadinessReport | null;
  readonly devices: readonly DeviceHealthView[];
  readonly trace: readonly TraceLine[];
  readonly results: readonly TestResult[];
  readonly settings: readonly SettingView[];
  readonly settingsFile: SettingsFileView;
  readonly timeline: readonly TimelineEntry[];
}

const HOUR = 'YYYY-MM-DDTHH'.length;

/**
 * A zip for whoever mends the lane: health, trace, tests, settings, versions, what the machine went through. Of crossings only how
 * many of which event an hour had: no record, no time of a single person, no digest, no officer, no key, no path.
 */
function bundleBytes(contents: BundleContents): Uint8Array {
  const { profile, software, at, timeline, settingsFile } = contents;
  const files: Readonly<Record<string, unknown>> = {
    'lane.json': {
      laneId: profile.laneId,
      topology: profile.topology,
      direction: profile.direction,
      timeZone: profile.timeZone,
      drivers: {
        documentScanner: profile.devices.documentScanner.driver,
        laneController: profile.devices.laneController.driver,
        chipReader: profile.devices.chipReader?.driver ?? null,
      },
      software,
      madeAt: at,
      machine: {
        platform: `${platform()} ${release()} ${arch()}`,
        processors: cpus().length,
        memoryMb: Math.round(totalmem() / 1_048_576),
        node: process.versions.node,
        electron: process.versions.electron ?? null,
      },
    },
    'readiness.json': withoutOfficer(contents.readiness),
    'devices.json': contents.devices,
    'trace.json': contents.trace,
    'tests.json': contents.results,
    'settings.json': {
      settings: contents.settings,
      file: { state: settingsFile.state, code: settingsFile.code, changedAt: settingsFile.changedAt },
    },
    'history.json': historyOf(timeline),
    'crossing-events-per-hour.json': eventsPerHour(timeline),
  };
  const entries = Object.entries(files).map(
    ([name, value]) => [name, strToU8(JSON.stringify(value, null, 1))] as const,
  );
  return zipSync(Object.fromEntries([...entries, ['README.txt', strToU8(README)]]), { level: 9 });
}

const README = `Support bundle of a Jointgate lane.
It holds no personal data: no document, no face, no record of a person, no officer, no key.
readiness.json   last readiness check
devices.json     health, counters and latencies of every device
trace.json       last verbs and events of the devices, by codes, lengths and times
tests.json       results of a technician's tests
settings.json    thresholds and delays
history.json     what the machine itself went through
crossing-events-per-hour.json   how many of which event
`;

function withoutOfficer(report: ReadinessReport | null): ReadinessReport | null {
  if (report === null) return null;
  const checks = report.checks.map((check) => {
    const { officer: _, ...facts } = check.facts;
    return { ...check, facts };
  });
  return { ...report, checks };
}

function eventsPerHour(timeline: readonly TimelineEntry[]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const hours: Record<string, Record<string, number>> = {};
  for (const { at, event } of timeline) {
    const hour = at.slice(0, HOUR);
    hours[hour] ??= {};
    hours[hour][event] = (hours[hour][event] ?? 0) + 1;
  }
  return hours;
}

/** Writes the bundle below the lane's data folder, from where a technician takes it. Readable by the lane's user only. */
export function writeBundle(
  dataFolder: string,
  contents: BundleContents,
): Result<NonNullable<Workbench['supportBundle']>, { readonly code: 'bundleUnwritable' }> {
  const bytes = bundleBytes(contents);
  const folder = join(dataFolder, 'support');
  const name = `jointgate-${contents.profile.laneId}-${contents.at.replaceAll(/[:.]/g, '-')}.zip`;
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, bytes, { mode: 0o600 });
  } catch {
    // Disk full or read-only: the readiness check says which.
    return err({ code: 'bundleUnwritable' });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return ok({ path, bytes: bytes.length, sha256, at: contents.at });
}
