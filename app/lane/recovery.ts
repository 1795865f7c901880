import type { LaneController } from '../../native-bridge/ports/lane-controller.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { JointRecordStore, RecordEnding, RecordSnapshot, StoreError } from '../record/store.ts';
import type { Diary } from './diary.ts';
import { judgePassage } from './last-door.ts';

export interface RecoveryServices {
  readonly laneId: string;
  readonly store: JointRecordStore;
  readonly doors: LaneController;
  readonly diary: Diary;
}

export type RecoveryError = StoreError | { readonly code: 'laneControllerAway' };

/**
 * Brings every record that a dead lane process left behind to its end (G4). What was not committed is abandoned; what was
 * committed is passed or voided by the last door's own counter, never by a guess. Referrals wait for their officer as before.
 * Nothing here opens a door. Gives how many records were ended.
 */
export async function endOrphans({
  laneId,
  store,
  doors,
  diary,
}: RecoveryServices): Promise<Result<number, RecoveryError>> {
  const live = await store.live(laneId);
  if (!live.ok) return live;
  let ended = 0;
  for (const record of live.value) {
    if (record.state === 'referred') continue;
    const ending = await endingOf(record, doors);
    if (!ending.ok) return ending;
    const written = await store.end(record.recordId, ending.value);
    if (!written.ok) return written;
    ended += 1;
    await diary.note('recoveryEndedRecord', {
      recordId: record.recordId,
      detail: `${record.state} to ${ending.value.type}`,
    });
  }
  return ok(ended);
}

async function endingOf(record: RecordSnapshot, doors: LaneController): Promise<Result<RecordEnding, RecoveryError>> {
  if (record.state !== 'committed') return ok({ type: 'abandoned', code: 'laneRestarted' });
  const release = record.lastDoorRelease;
  // The last door was never released for it: nobody can have passed.
  if (release === null) return ok({ type: 'voided', code: 'laneRestarted' });
  const now = await doors.countForward(release.door);
  if (!now.ok) return err({ code: 'laneControllerAway' });
  const passed = judgePassage(release.passagesBefore, now.value) === 'passed';
  return ok(passed ? { type: 'passed', passagesAfter: now.value } : { type: 'voided', code: 'laneRestarted' });
}
