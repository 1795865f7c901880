import { useState } from 'react';
import { CONSOLE_ERROR_CODES, consoleError, type LaneCard } from '../../contract/supervisor-console.ts';
import { StepBars } from '../supervisor/charts/step-bars.tsx';
import { CardStore } from '../supervisor/console/card-store.ts';
import { ErrorText } from '../supervisor/console/error-text.tsx';
import { MissedBanner } from '../supervisor/console/missed-banner.tsx';
import { ReferralPictures } from '../supervisor/referral/referral-pictures.tsx';
import { PinForm } from '../supervisor/session/pin-form.tsx';
import { LaneCardView } from '../supervisor/wall/lane-card-view.tsx';

const nothing = (): void => {};
const CALM: LaneCard = {
  laneId: 'L01',
  direction: { from: 'CHN', to: 'MAC' },
  topology: 'threeDoor',
  connected: true,
  inService: true,
  step: 'lookHere',
  stationsReached: 3,
  stepSince: '2026-05-08T02:15:00Z',
  doors: [
    { door: 1, state: 'shut' },
    { door: 2, state: 'open' },
    { door: 3, state: 'fault' },
  ],
  alarm: null,
  alarms: 0,
  referrals: { own: 0, others: 0 },
  passed: 1198,
  withoutOfficer: 0.965,
  medianMs: 16_800,
};
const CARDS: readonly LaneCard[] = [
  CALM,
  { ...CALM, laneId: 'L02', referrals: { own: 1, others: 0 } },
  { ...CALM, laneId: 'L03', alarms: 3, alarm: { event: 'tailgating', severity: 'security', at: CALM.stepSince } },
  { ...CALM, laneId: 'L04', inService: false, step: 'outOfService' },
  { ...CALM, laneId: 'L05', connected: false },
];

/** What the console has besides a lane: sign-in, banners, refusals, pictures, cards and bars. */
export function SessionSamples() {
  const [cards] = useState(() => {
    const store = new CardStore();
    store.apply(CARDS, true);
    return store;
  });
  return (
    <div className="kit-row">
      <div className="kit-column">
        <PinForm
          withNumber
          submitLabel="Sign in"
          onSubmit={async () => ({ ok: false, error: { ...consoleError('accountLocked'), waitSeconds: 30 } })}
        />
        <ReferralPictures material={null} />
        <StepBars
          steps={[
            { step: 'document', medianMs: 300, p95Ms: 600 },
            { step: 'face', medianMs: 7_900, p95Ms: 13_400 },
            { step: 'passage', medianMs: null, p95Ms: null },
          ]}
        />
      </div>
      <div className="kit-column">
        <MissedBanner missed={{ since: CALM.stepSince, alarms: 2, events: 14 }} onSeen={nothing} />
        <p className="banner banner-stop">Stop</p>
        <p className="banner">Done</p>
        {CONSOLE_ERROR_CODES.map((code) => (
          <ErrorText key={code} error={consoleError(code)} />
        ))}
      </div>
      <div className="kit-column">
        <ul className="wall" data-dense="false">
          {CARDS.map(({ laneId }) => (
            <LaneCardView key={laneId} cards={cards} laneId={laneId} chosen={laneId === 'L01'} onOpen={nothing} />
          ))}
        </ul>
      </div>
    </div>
  );
}
