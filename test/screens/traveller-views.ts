import {
  CAPTURE_HINTS,
  DOCUMENT_ADVICE,
  TRAVELLER_STEPS,
  type TravellerStep,
  type TravellerView,
} from '../../app/contract/traveller-view.ts';
import type { TravellerCatalogue } from '../../app/renderer/traveller/catalogue/shape.ts';

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
    camera: step === 'lookHere' ? 'capture' : 'off',
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
  ...DOCUMENT_ADVICE.map((documentAdvice) => ({
    name: `documentAgain-${documentAdvice}`,
    view: travellerView('documentAgain', { documentAdvice }),
  })),
  ...CAPTURE_HINTS.map((hint) => ({ name: `lookHere-${hint}`, view: travellerView('lookHere', { hint }) })),
  { name: 'walkIn-warning', view: travellerView('walkIn', { warnSecondsLeft: 12 }) },
];

/** The sentence a view shows, in the words of the catalogue. */
export function titleOf({ step, hint, documentAdvice }: TravellerView, catalogue: TravellerCatalogue): string {
  if (step === 'lookHere' && hint !== null) return catalogue.hints[hint];
  if (step === 'documentAgain' && documentAdvice !== null) return catalogue.advice[documentAdvice].title;
  return catalogue.steps[step].title;
}
