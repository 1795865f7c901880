import type { SnapshotFrom } from 'xstate';
import type { TravellerStep } from '../../contract/traveller-view.ts';
import type { CrossingDelays } from './delays.ts';
import type { crossingMachine } from './machine.ts';

export type CrossingSnapshot = SnapshotFrom<typeof crossingMachine>;

/** What the traveller is shown in this state, and how many of the five stations are reached. */
export interface ShownStep {
  readonly step: TravellerStep;
  readonly stationsReached: number;
}

/** One sentence a step. After the end every reason looks the same from outside: the traveller is asked to see an officer. */
export function shownStep(snapshot: CrossingSnapshot): ShownStep {
  return { step: stepOf(snapshot), stationsReached: snapshot.context.stations };
}

function stepOf(snapshot: CrossingSnapshot): TravellerStep {
  const { ending } = snapshot.context;
  if (snapshot.matches('opening') || snapshot.matches('identifying'))
    return snapshot.context.resumed ? 'pleaseWait' : 'readingDocument';
  if (snapshot.matches('entering')) return 'walkIn';
  if (snapshot.matches('verifying')) return 'lookHere';
  if (snapshot.matches({ asking: 'movingToB' })) return 'walkOn';
  if (snapshot.matches({ asking: 'waitingInB' })) return 'waitForEntry';
  if (snapshot.matches('asking') || snapshot.matches('committing')) return 'pleaseWait';
  if (snapshot.matches('leaving')) return 'goThrough';
  if (snapshot.matches('settling')) return 'stepBack';
  if (ending?.state === 'passed') return 'thankYou';
  return ending?.state === 'abandoned' ? 'goBack' : 'seeOfficer';
}

const goesBack = (snapshot: CrossingSnapshot): boolean =>
  snapshot.matches({ afterwards: 'goingBack' }) || snapshot.matches({ afterwards: 'goingBackFromB' });

/** The delay that runs against the traveller in this state: only what they can do something about. */
export function travellerDelay(snapshot: CrossingSnapshot): keyof CrossingDelays | null {
  if (snapshot.matches('entering')) return 'enterTimeout';
  if (snapshot.matches('verifying')) return 'faceTimeout';
  if (snapshot.matches({ asking: 'movingToB' })) return 'moveTimeout';
  if (goesBack(snapshot) && snapshot.context.ending?.state === 'abandoned') return 'moveTimeout';
  return snapshot.matches('leaving') ? 'passTimeout' : null;
}
