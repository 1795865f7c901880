import type { SnapshotFrom } from 'xstate';
import type { TravellerStep } from '../../contract/traveller-view.ts';
import type { crossingMachine } from './machine.ts';

export type CrossingSnapshot = SnapshotFrom<typeof crossingMachine>;

/** What the traveller is shown in this state, and how many of the five stations are reached. */
export interface ShownStep {
  readonly step: TravellerStep;
  readonly stationsReached: number;
}

/** One sentence a step. After the end every reason looks the same from outside: the traveller is asked to see an officer. */
export function shownStep(snapshot: CrossingSnapshot): ShownStep {
  const { answers, ending } = snapshot.context;
  const cleared =
    2 + (answers.exit === 'clear' ? 1 : 0) + (answers.exit === 'clear' && answers.entry === 'clear' ? 1 : 0);
  if (snapshot.matches('opening') || snapshot.matches('identifying'))
    return { step: 'readingDocument', stationsReached: 0 };
  if (snapshot.matches('entering')) return { step: 'walkIn', stationsReached: 1 };
  if (snapshot.matches('verifying')) return { step: 'lookHere', stationsReached: 1 };
  if (snapshot.matches({ asking: 'movingToB' })) return { step: 'walkOn', stationsReached: 3 };
  if (snapshot.matches({ asking: 'waitingInB' })) return { step: 'waitForEntry', stationsReached: cleared };
  if (snapshot.matches('asking') || snapshot.matches('committing'))
    return { step: 'pleaseWait', stationsReached: cleared };
  if (snapshot.matches('leaving')) return { step: 'goThrough', stationsReached: 5 };
  if (snapshot.matches('settling')) return { step: 'stepBack', stationsReached: 4 };
  if (ending?.state === 'passed') return { step: 'thankYou', stationsReached: 5 };
  if (ending?.state === 'abandoned') return { step: 'goBack', stationsReached: 0 };
  return { step: 'seeOfficer', stationsReached: 0 };
}
