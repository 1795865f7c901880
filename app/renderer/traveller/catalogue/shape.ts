import type { CaptureHint, DocumentAdvice, STATIONS, TravellerStep } from '../../../contract/traveller-view.ts';

type Sentence = {
  /** The one sentence of the step. */
  readonly title: string;
  /** One quiet line below it: what it means or what to do. */
  readonly help: string;
};

/** Every text of the traveller screen. All languages have the same shape: a missing text does not compile. */
export type TravellerCatalogue = {
  readonly languageName: string;
  readonly oneScan: string;
  readonly steps: Readonly<Record<TravellerStep, Sentence>>;
  readonly hints: Readonly<Record<CaptureHint, string>>;
  /** Below a hint that asks for a movement, where "stand still" would contradict it. */
  readonly afterMovement: string;
  /** Instead of the words of `documentAgain` when the lane knows what was wrong. */
  readonly advice: Readonly<Record<DocumentAdvice, Sentence>>;
  readonly stations: Readonly<Record<(typeof STATIONS)[number], string>>;
  readonly documents: { readonly card: string; readonly passport: string; readonly permit: string };
  readonly warning: { readonly title: string; readonly button: string; readonly secondsLeft: string };
  readonly comfort: { readonly largeText: string; readonly highContrast: string; readonly lowPosition: string };
  readonly places: { readonly CHN: string; readonly MAC: string; readonly HKG: string };
  /** For screen readers and tests; `{{..}}` are filled in. */
  readonly labels: {
    readonly languages: string;
    readonly comfort: string;
    readonly track: string;
    readonly reached: string;
    readonly next: string;
    readonly ahead: string;
    readonly mirror: string;
    readonly lane: string;
    readonly direction: string;
  };
};
