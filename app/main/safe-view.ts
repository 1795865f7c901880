import { NO_LANE_VIEW, type TravellerView } from '../contract/traveller-view.ts';

/** What the traveller sees while there is no lane process: nothing to do here, see an officer. Main needs nobody for it. */
export function safeView(step: 'starting' | 'outOfService', last: TravellerView | null): TravellerView {
  const { direction, laneId } = last ?? { ...NO_LANE_VIEW, laneId: 'lane' };
  return { ...NO_LANE_VIEW, step, direction, laneId };
}
