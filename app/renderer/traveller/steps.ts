import type { TravellerStep } from '../../contract/traveller-view.ts';

/** The tone of a step's screen. Red is only for "step back" and emergencies, green only for an open way. */
export type Tone = 'neutral' | 'progress' | 'attention' | 'go' | 'stop';

interface StepLook {
  readonly tone: Tone;
  /**
   * The track is shown while the crossing goes forward. Never on `seeOfficer` and `goBack`: how far somebody came would tell
   * bystanders why.
   */
  readonly track: boolean;
}

export const STEP_LOOKS: Readonly<Record<TravellerStep, StepLook>> = {
  starting: { tone: 'neutral', track: false },
  attract: { tone: 'neutral', track: false },
  readingDocument: { tone: 'progress', track: true },
  documentAgain: { tone: 'attention', track: true },
  walkIn: { tone: 'progress', track: true },
  lookHere: { tone: 'progress', track: true },
  pleaseWait: { tone: 'progress', track: true },
  walkOn: { tone: 'progress', track: true },
  waitForEntry: { tone: 'progress', track: true },
  goThrough: { tone: 'go', track: false },
  thankYou: { tone: 'neutral', track: true },
  goBack: { tone: 'attention', track: false },
  stepBack: { tone: 'stop', track: false },
  seeOfficer: { tone: 'neutral', track: false },
  outOfService: { tone: 'neutral', track: false },
  emergency: { tone: 'stop', track: false },
};
