import type { TravellerView } from '../contract/traveller-view.ts';

/** What the traveller sees while there is no lane process: nothing to do here, see an officer. Main needs nobody for it. */
export function safeView(step: 'starting' | 'outOfService', last: TravellerView | null): TravellerView {
  return {
    step,
    stationsReached: 0,
    hint: null,
    documentAdvice: null,
    warnSecondsLeft: null,
    camera: 'off',
    suggestedLanguage: null,
    direction: last?.direction ?? { from: 'XXX', to: 'XXX' },
    laneId: last?.laneId ?? 'lane',
    sequence: 0,
  };
}
