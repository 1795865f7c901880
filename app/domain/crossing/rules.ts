import type { ControlWord, ReferralCode, Side, Topology } from '../../contract/crossing.ts';
import type { Answers } from './context.ts';
import type { CrossingEnding } from './effects.ts';
import type { AnswerState, Place } from './facts.ts';

const notCleared = (answer: AnswerState): boolean => answer !== 'waiting' && answer !== 'clear';

/** At least one control has spoken against it, or can no longer be believed. */
export function anyNotCleared(answers: Answers): boolean {
  return notCleared(answers.exit) || notCleared(answers.entry);
}

export function bothClear(answers: Answers): boolean {
  return answers.exit === 'clear' && answers.entry === 'clear';
}

/** After the first word of a side, with the stations that both words together have reached. */
export function answeredContext(
  { answers, stations }: { readonly answers: Answers; readonly stations: number },
  side: Side,
  word: ControlWord,
): { readonly answers: Answers; readonly stations: number } {
  const after = { ...answers, [side]: word };
  const reached = after.exit === 'clear' ? (after.entry === 'clear' ? 4 : 3) : 2;
  return { answers: after, stations: Math.max(stations, reached) };
}

/**
 * How the record ends when not both controls have cleared. The exit side is asked about first: what it did not clear is
 * its own, whatever the entry side said. A refusal ends the record, anything else waits for that side's officer.
 */
export function endingByAnswers(answers: Answers): CrossingEnding {
  const side: Side =
    answers.exit === 'clear' ? 'entry' : notCleared(answers.exit) || !notCleared(answers.entry) ? 'exit' : 'entry';
  const answer = answers[side];
  if (answer === 'refuse') return { state: 'refused', owner: side };
  return { state: 'referred', owner: side, code: referralCodeOf(side, answer) };
}

function referralCodeOf(side: Side, answer: Exclude<AnswerState, 'refuse'>): ReferralCode {
  switch (answer) {
    case 'refer':
      return side === 'exit' ? 'exitControlReferred' : 'entryControlReferred';
    case 'invalid':
      return 'controlAnswerInvalid';
    case 'noAnswer':
    case 'waiting':
    // `clear` is unreachable here; a side that is not known to have cleared has not cleared.
    case 'clear':
      return 'controlUnreachable';
  }
}

/** Three doors: 1 in, 2 between the chambers, 3 out. Two doors: 1 in, 2 out. */
export function lastDoorOf(topology: Topology): 2 | 3 {
  return topology === 'threeDoor' ? 3 : 2;
}

/** Where somebody stands who walked through `door` in that direction. */
export function placeAfter(topology: Topology, door: number, direction: 'forward' | 'backward'): Place {
  const places: readonly Place[] =
    topology === 'threeDoor' ? ['outside', 'chamberA', 'chamberB', 'through'] : ['outside', 'chamberA', 'through'];
  return places[direction === 'forward' ? door : door - 1] ?? 'outside';
}
