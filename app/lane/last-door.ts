import type { DeviceError } from '../../native-bridge/ports/device-error.ts';
import type { LaneController } from '../../native-bridge/ports/lane-controller.ts';
import type { ControlAnswer } from '../contract/control-protocol.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { JointRecordStore, StoreError } from '../record/store.ts';
import type { Clock } from './clock.ts';

export type ReleaseError =
  | DeviceError
  | StoreError
  | { readonly code: 'clearanceExpired' }
  | { readonly code: 'overtaken' };

export interface ReleaseServices {
  readonly store: Pick<JointRecordStore, 'append'>;
  readonly doors: Pick<LaneController, 'countForward' | 'openDoor'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** How long a grant lives in the door unit by itself, the way there included: it must end before the clearance does. */
  readonly grantLifeMs: number;
  /** Asked at the last moment: an emergency, a fault or a traveller who turned back may have overtaken the release. */
  readonly stillLeaving: () => boolean;
}

/** The earlier of both expiries, in milliseconds since 1970. */
function clearanceEndsAt(answers: {
  readonly exit: ControlAnswer | null;
  readonly entry: ControlAnswer | null;
}): number {
  const ends = [answers.exit, answers.entry].map((answer) => (answer === null ? 0 : Date.parse(answer.body.expiresAt)));
  return Math.min(...ends);
}

/**
 * Releases the last door for one committed record and one person: the door's own counter is journaled first, so that whatever
 * crashes afterwards, it can be told whether somebody passed. Nothing is released once the earlier clearance has expired.
 */
export async function releaseLastDoor(
  recordId: string,
  door: number,
  { store, doors, clock, grantLifeMs, stillLeaving }: ReleaseServices,
): Promise<Result<{ readonly endsAtMs: number }, ReleaseError>> {
  const passagesBefore = await doors.countForward(door);
  if (!passagesBefore.ok) return passagesBefore;
  const written = await store.append(recordId, {
    type: 'lastDoorReleased',
    door,
    passagesBefore: passagesBefore.value,
  });
  if (!written.ok) return written;
  const endsAtMs = clearanceEndsAt(written.value.answers);
  // Asked of the durable record, not of what this process believes.
  if (written.value.state !== 'committed' || clock.nowMs() + grantLifeMs >= endsAtMs)
    return err({ code: 'clearanceExpired' });
  if (!stillLeaving()) return err({ code: 'overtaken' });
  const opened = await doors.openDoor(door, 'forward', 1);
  return opened.ok ? ok({ endsAtMs }) : opened;
}

export type PassageVerdict = 'passed' | 'notPassed' | 'uncertain';

/** One passage more than before is this traveller; none is nobody; anything else (a unit replaced, reset, used by hand) needs a person. */
export function judgePassage(before: number, now: number): PassageVerdict {
  if (now === before) return 'notPassed';
  return now === (before + 1) % 2 ** 32 ? 'passed' : 'uncertain';
}

/**
 * The last door's counter once nobody stands in it: a body that is half through is counted only a moment later. `null` while
 * somebody is in the door.
 */
export async function countWhenClear(doors: LaneController, door: number): Promise<Result<number | null, DeviceError>> {
  const state = await doors.readState();
  if (!state.ok) return state;
  const found = state.value.doors.find((candidate) => candidate.door === door);
  if (found === undefined) return err({ code: 'requestInvalid', what: `no door ${door}` });
  return ok(found.occupied.exit || found.occupied.entry ? null : found.countForward);
}
