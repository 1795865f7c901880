import { TRAVELLER_STEPS, type TravellerStep } from '../../contract/traveller-view.ts';
import { Mirror } from '../traveller/mirror.tsx';
import { StepPicture } from '../traveller/step-picture.tsx';
import { STEP_LOOKS } from '../traveller/steps.ts';

type Pictured = Exclude<TravellerStep, 'lookHere'>;
const PICTURED = TRAVELLER_STEPS.filter((step): step is Pictured => step !== 'lookHere');

/** Every picture of the traveller screen on its own ground. */
export function PictureSamples() {
  return (
    <ul className="kit-pictures">
      {PICTURED.map((step) => (
        <li key={step} data-tone={STEP_LOOKS[step].tone}>
          <div className="kit-picture">
            <StepPicture step={step} walk="up" />
          </div>
          <span>{step}</span>
        </li>
      ))}
      {([null, 'comeCloser'] as const).map((hint) => (
        <li key={hint}>
          <div className="kit-picture">
            <Mirror stream={null} hint={hint} />
          </div>
          <span>lookHere, {hint === null ? 'pose right' : 'seeking'}</span>
        </li>
      ))}
    </ul>
  );
}
