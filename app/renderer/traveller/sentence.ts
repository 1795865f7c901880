import type { CaptureHint, TravellerView } from '../../contract/traveller-view.ts';

type Said = Pick<TravellerView, 'step' | 'hint' | 'documentAdvice'>;

/** Hints that ask a face that stands right to move. */
export const MOVEMENTS: readonly CaptureHint[] = ['turnLeft', 'turnRight', 'blink'];

/** Where the sentence of a view is in the catalogue; spoken and shown alike. */
export function sentenceKey({ step, hint, documentAdvice }: Said): string {
  if (step === 'lookHere' && hint !== null) return `hints.${hint}`;
  return `${placeOf(step, documentAdvice)}.title`;
}

/** Where the quiet line below it is. */
export function helpKey({ step, hint, documentAdvice }: Said): string {
  if (step === 'lookHere' && hint !== null && MOVEMENTS.includes(hint)) return 'afterMovement';
  return `${placeOf(step, documentAdvice)}.help`;
}

/** Advice is for a document that is asked for again; with any other step it would tell bystanders what was wrong. */
function placeOf(step: TravellerView['step'], advice: TravellerView['documentAdvice']): string {
  return step === 'documentAgain' && advice !== null ? `advice.${advice}` : `steps.${step}`;
}
