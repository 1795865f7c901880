import type { LaneController } from '../../native-bridge/ports/lane-controller.ts';
import { err, ok, type Result } from '../contract/result.ts';
import type { AnswerState } from '../domain/crossing/facts.ts';
import { anyNotCleared, endingByAnswers } from '../domain/crossing/rules.ts';
import type { JointRecordStore, RecordEnding, RecordSnapshot, StoreError } from '../record/store.ts';
import type { Diary } from './diary.ts';
import { countWhenClear, judgePassage } from './last-door.ts';

export interface RecoveryServices {
  readonly laneId: string;
  readonly store: JointRecordStore;
  readonly doors: LaneController;
  readonly diary: Diary;
}

export type RecoveryError = StoreError | { readonly code: 'laneControllerAway' } | { readonly code: 'doorOccupied' };

export interface Recovered {
  readonly ended: number;
  /** One of them had got so far that its traveller may stand in the lane. */
  readonly somebodyMayBeInside: boolean;
}

/**
 * Brings every record that a dead lane process left behind to its end (G4). What was not committed is abandoned; what was
 * committed is passed or voided by the last door's own counter, never by a guess. Referrals wait for their officer as before.
 * A counter that says neither is an officer's question. Nothing here opens a door.
 */
export async function endOrphans({
  laneId,
  store,
  doors,
  diary,
}: RecoveryServices): Promise<Result<Recovered, RecoveryError>> {
  const live = await store.live(laneId);
  if (!live.ok) return live;
  let ended = 0;
  let somebodyMayBeInside = false;
  for (const record of live.value) {
    if (record.state === 'referred') continue;
    const ending = await endingOf(record, doors);
    if (!ending.ok) return ending;
    const written = await store.end(record.recordId, ending.value);
    if (!written.ok) return written;
    ended += 1;
    if (record.state !== 'open' && ending.value.type !== 'passed') somebodyMayBeInside = true;
    await diary.note('recoveryEndedRecord', {
      recordId: record.recordId,
      detail: `${record.state} to ${ending.value.type}`,
    });
  }
  return ok({ ended, somebodyMayBeInside });
}

async function endingOf(record: RecordSnapshot, doors: LaneController): Promise<Result<RecordEnding, RecoveryError>> {
  if (record.state !== 'committed') return ok(endingByStoredAnswers(record));
  const release = record.lastDoorRelease;
  // The last door was never released for it: nobody can have passed.
  if (release === null) return ok({ type: 'voided', code: 'laneRestarted' });
  const now = await countWhenClear(doors, release.door);
  if (!now.ok) return err({ code: 'laneControllerAway' });
  if (now.value === null) return err({ code: 'doorOccupied' });
  switch (judgePassage(release.passagesBefore, now.value)) {
    case 'passed':
      return ok({ type: 'passed', passagesAfter: now.value });
    case 'notPassed':
      return ok({ type: 'voided', code: 'laneRestarted' });
    case 'uncertain':
      return ok({ type: 'referred', owner: 'port', code: 'passageUncertain', checks: [] });
  }
}

/** What a control has said stands, also when the lane died before it acted on it. */
function endingByStoredAnswers({ answers, checks }: RecordSnapshot): RecordEnding {
  const words = { exit: wordOf(answers.exit), entry: wordOf(answers.entry) };
  if (!anyNotCleared(words)) return { type: 'abandoned', code: 'laneRestarted' };
  const ending = endingByAnswers(words);
  return ending.state === 'refused'
    ? { type: 'refused', owner: ending.owner }
    : ending.state === 'referred'
      ? { type: 'referred', owner: ending.owner, code: ending.code, checks }
      : { type: 'abandoned', code: 'laneRestarted' };
}

function wordOf(answer: RecordSnapshot['answers']['exit']): AnswerState {
  return answer === null ? 'waiting' : answer.body.word;
}
