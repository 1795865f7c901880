import { DoorClosed, Undo2, UserRoundCheck } from 'lucide-react';
import { SEVERITIES } from '../../contract/audit-events.ts';
import { CHECK_OUTCOMES } from '../../contract/crossing.ts';
import { SeverityIcon } from '../supervisor/alarms/severity-icon.tsx';
import { AnswerRow } from '../supervisor/lane/answer-row.tsx';
import { ConsoleTrack } from '../supervisor/lane/console-track.tsx';
import { DoorPlan } from '../supervisor/lane/door-plan.tsx';
import { CheckList } from '../supervisor/referral/check-list.tsx';
import { HoldButton } from '../ui/hold-button.tsx';
import { Kbd } from '../ui/kbd.tsx';

const WORDS = ['waiting', 'clear', 'refer', 'refuse', 'noAnswer', 'invalid'] as const;
const DOORS = [
  { door: 1, state: 'shut' },
  { door: 2, state: 'open' },
  { door: 3, state: 'fault' },
] as const;
const CHECKS = ['mrzCheckDigits', 'faceMatch', 'chipAuthenticity', 'exitControl'] as const;
const nothing = (): void => {};

/** The console's parts in all their states. */
export function ConsoleSamples() {
  return (
    <div className="kit-row">
      <div className="kit-column">
        <div className="kit-line">
          <button type="button" className="button">
            Button <Kbd>A</Kbd>
          </button>
          <button type="button" className="button" aria-pressed="true">
            Pressed
          </button>
          <button type="button" className="button" disabled>
            Disabled
          </button>
        </div>
        <HoldButton
          label="Neutral"
          note="Hold"
          shortcut="F13"
          icon={<DoorClosed />}
          tone="neutral"
          disabled={false}
          onDone={nothing}
        />
        <HoldButton
          label="Progress"
          note="Hold"
          shortcut="F14"
          icon={<UserRoundCheck />}
          tone="progress"
          disabled={false}
          onDone={nothing}
        />
        <HoldButton
          label="Stop"
          note="Hold"
          shortcut="F15"
          icon={<Undo2 />}
          tone="stop"
          disabled={false}
          onDone={nothing}
        />
        <HoldButton
          label="Disabled"
          note="Choose a reason first"
          shortcut="F16"
          icon={<Undo2 />}
          tone="stop"
          disabled
          onDone={nothing}
        />
        <div className="kit-line">
          <span className="tag">neutral</span>
          {(['progress', 'go', 'attention', 'stop'] as const).map((tone) => (
            <span key={tone} className="tag" data-tone={tone}>
              {tone}
            </span>
          ))}
          <span className="tag" data-owner="exit">
            Exit side
          </span>
          <span className="tag" data-owner="entry">
            Entry side
          </span>
        </div>
        <div className="kit-line">
          {SEVERITIES.map((severity) => (
            <span key={severity} className="kit-line">
              <SeverityIcon severity={severity} size={20} /> {severity}
            </span>
          ))}
        </div>
      </div>
      <div className="kit-column">
        {[0, 2, 5].map((reached) => (
          <ConsoleTrack key={reached} reached={reached} live />
        ))}
        <DoorPlan doors={[...DOORS]} place="chamberA" />
        <CheckList
          checks={CHECKS.map((id, index) => ({
            id,
            outcome: CHECK_OUTCOMES[index] ?? 'passed',
            reason: index === 1 ? 'faceNotMatched' : null,
          }))}
        />
      </div>
      <div className="kit-column">
        {WORDS.map((word) => (
          <AnswerRow key={word} answer={{ side: word === 'clear' ? 'exit' : 'entry', word, reason: null }} explain />
        ))}
        <AnswerRow answer={{ side: 'exit', word: 'refer', reason: 'quotaExhausted' }} explain />
      </div>
    </div>
  );
}
