import { TRAVELLER_STEPS, type TravellerStep, type TravellerView } from '../../app/contract/traveller-view.ts';

const REACHED: Readonly<Partial<Record<TravellerStep, number>>> = {
  walkIn: 1,
  lookHere: 1,
  pleaseWait: 2,
  walkOn: 3,
  waitForEntry: 3,
  goThrough: 4,
  thankYou: 5,
};

/** The view of a step as the lane would send it in the middle of an ordinary crossing. */
export function travellerView(step: TravellerStep, changes: Partial<TravellerView> = {}): TravellerView {
  return {
    step,
    stationsReached: REACHED[step] ?? 0,
    hint: null,
    documentAdvice: null,
    warnSecondsLeft: null,
    camera: step === 'lookHere',
    suggestedLanguage: 'en',
    direction: { from: 'CHN', to: 'MAC' },
    laneId: 'L07',
    sequence: 1,
    ...changes,
  };
}

/** Each step once, and the states a step can be in besides. */
export const TRAVELLER_SCENES: readonly { name: string; view: TravellerView }[] = [
  ...TRAVELLER_STEPS.map((step) => ({ name: step, view: travellerView(step) })),
  { name: 'lookHere-comeCloser', view: travellerView('lookHere', { hint: 'comeCloser' }) },
  { name: 'lookHere-takeOffSunglasses', view: travellerView('lookHere', { hint: 'takeOffSunglasses' }) },
  { name: 'walkIn-warning', view: travellerView('walkIn', { warnSecondsLeft: 12 }) },
];
