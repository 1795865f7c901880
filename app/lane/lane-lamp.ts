import type { Lamp } from '../../native-bridge/ports/lane-controller.ts';
import type { TravellerStep } from '../contract/traveller-view.ts';

/** What the lamp above a lane shows. */
export interface LampSignal {
  readonly lamp: Lamp;
  readonly blinks: boolean;
}

export interface LampInput {
  readonly step: TravellerStep;
  /** A door lets somebody through at this moment, by the lane controller's own word. */
  readonly doorOpen: boolean;
  /** The time of this step is nearly over. */
  readonly warned: boolean;
}

/**
 * Dark: present a document. Amber: somebody is inside, wait. Red: nobody goes on. The colours that steps of going have are
 * green only while a door is open, and amber until then.
 *
 * Every reason to see an officer looks alike from outside, and so it does here: nobody in the hall reads a suspicion off a lamp.
 */
const LAMPS: Readonly<Record<TravellerStep, LampSignal>> = {
  starting: { lamp: 'red', blinks: false },
  attract: { lamp: 'off', blinks: false },
  readingDocument: { lamp: 'amber', blinks: false },
  documentAgain: { lamp: 'amber', blinks: true },
  walkIn: { lamp: 'green', blinks: false },
  lookHere: { lamp: 'amber', blinks: false },
  pleaseWait: { lamp: 'amber', blinks: false },
  walkOn: { lamp: 'green', blinks: false },
  waitForEntry: { lamp: 'amber', blinks: false },
  goThrough: { lamp: 'green', blinks: false },
  thankYou: { lamp: 'off', blinks: false },
  // The door that is open leads back: green stands for going on only.
  goBack: { lamp: 'amber', blinks: true },
  stepBack: { lamp: 'red', blinks: true },
  seeOfficer: { lamp: 'red', blinks: false },
  outOfService: { lamp: 'red', blinks: false },
  emergency: { lamp: 'red', blinks: true },
};

/** A warning blinks, so that it is seen without its colour. */
export function laneLamp({ step, doorOpen, warned }: LampInput): LampSignal {
  const { lamp, blinks } = LAMPS[step];
  return { lamp: lamp === 'green' && !doorOpen ? 'amber' : lamp, blinks: blinks || warned };
}
