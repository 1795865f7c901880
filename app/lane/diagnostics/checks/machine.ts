import { statfs } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { type Found, found } from './timed.ts';

const MB = 1_048_576;
const DISK_LIMITS = { failMb: 200, warnMb: 1_024 } as const;
/** A wall clock that was moved this far against the monotonic one jumped. */
const CLOCK_DRIFT_LIMIT_MS = 2_000;
/** No build of this software is older: a clock before it was never set. */
const NEVER_BEFORE = Date.UTC(2026, 0, 1);

/** The two clocks at one moment; two of them tell whether the wall clock was moved. */
export interface ClockReading {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function readClocks(clock: Clock): ClockReading {
  return { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
}

/** Wall against monotonic clock since the lane started, the port's time zone, and the last moment the record knows of. */
export function checkClock(
  started: ClockReading,
  now: ClockReading,
  timeZone: string,
  lastRecordedAt: string | null,
): Found {
  const driftMs = Math.round(now.wallMs - started.wallMs - (now.monotonicMs - started.monotonicMs));
  const facts = {
    driftMs,
    watchedS: Math.round((now.monotonicMs - started.monotonicMs) / 1_000),
    timeZone,
    offsetMinutes: offsetMinutes(now.wallMs, timeZone),
    machineZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    utc: new Date(now.wallMs).toISOString(),
  };
  if (now.wallMs < NEVER_BEFORE) return found('failed', 'clockNotSet', facts);
  if (lastRecordedAt !== null && now.wallMs < Date.parse(lastRecordedAt) - CLOCK_DRIFT_LIMIT_MS)
    return found('failed', 'clockBehindRecord', { ...facts, lastRecordedAt });
  if (Math.abs(driftMs) > CLOCK_DRIFT_LIMIT_MS) return found('warning', 'clockJumped', facts);
  return found('passed', null, facts);
}

/** How far the port's clocks are ahead of UTC at that moment. */
export function offsetMinutes(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hour12: false,
  }).formatToParts(atMs);
  const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour') % 24, of('minute'), of('second'));
  return Math.round((local - Math.floor(atMs / 1_000) * 1_000) / 60_000);
}

/** Room left where records are written: a full disk stops the lane in the middle of a crossing. */
export async function checkDisk(folder: string): Promise<Found> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const freeMb = Math.floor((bavail * bsize) / MB);
  const facts = { freeMb, totalMb: Math.floor((blocks * bsize) / MB) };
  if (freeMb < DISK_LIMITS.failMb) return found('failed', 'diskFull', { ...facts, limitMb: DISK_LIMITS.failMb });
  if (freeMb < DISK_LIMITS.warnMb) return found('warning', 'diskLow', { ...facts, limitMb: DISK_LIMITS.warnMb });
  return found('passed', null, facts);
}
