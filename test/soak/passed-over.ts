import type { HeadlessLane } from '../../app/demo/headless-lane.ts';
import { ImpossibleAct } from '../../native-bridge/simulators/impossible-act.ts';

const TRIES = 3;

/**
 * Plays a crossing. A device that is lost in the very moment closes the lane: the document is not taken, and its holder lays it down
 * again. Gives how often; null where a door shut before somebody who walked up to it, which in a soak is life and no bug of the story.
 */
export async function playPatiently<T>(
  lane: HeadlessLane,
  play: () => Promise<T>,
  onPassedOver: () => void,
): Promise<T | null> {
  const before = lane.reports.length;
  for (let tries = 1; ; tries += 1) {
    try {
      return await play();
    } catch (error) {
      if (error instanceof ImpossibleAct) return null;
      const isPassedOver = lane.traveller?.step === 'attract' && lane.reports.length === before;
      if (!isPassedOver || tries === TRIES) throw error;
      onPassedOver();
    }
  }
}
