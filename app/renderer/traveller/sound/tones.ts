import type { TravellerStep } from '../../../contract/traveller-view.ts';
import { type Note, notesInARow as row } from '../../ui/tone-player.ts';

const [C5, D5, E5, G5, A5, C6, A4, F4, E4] = [523.25, 587.33, 659.25, 783.99, 880, 1046.5, 440, 349.23, 329.63];

/**
 * What each step sounds like. Rising means go on, two equal notes mean wait for a person, falling means once more,
 * a low repeated pair means stop. Steps that only wait are silent: a hall has enough noise.
 */
export const STEP_TONES: Readonly<Partial<Record<TravellerStep, readonly Note[]>>> = {
  readingDocument: row(90, A5),
  documentAgain: row(160, E5, C5),
  walkIn: row(130, C5, E5),
  lookHere: row(140, D5),
  walkOn: row(130, E5, G5),
  goThrough: row(150, C5, E5, G5, C6),
  thankYou: row(180, G5, C6),
  goBack: row(180, G5, E5, C5),
  stepBack: row(220, A4, F4, A4, F4),
  seeOfficer: row(240, A4, A4),
  emergency: row(260, F4, E4, F4, E4, F4, E4),
};

/** The time-out warning: one soft tick. */
export const WARNING_TONE: readonly Note[] = row(110, A4, D5);
