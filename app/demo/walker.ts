import type { LaneControllerSimulator } from '../../native-bridge/simulators/lane-controller-simulator.ts';

/** What a traveller does with the doors: on through each as it opens, or something else at one of them. */
export type Gait = 'walksOn' | 'tailgated' | 'staysOutside' | 'staysInside' | 'staysBeforeLast';

/** How often a waiting traveller looks whether the story is over. Milliseconds. */
const LOOK_MS = 200;

/**
 * Walks a person through the lane: forward through every door that opens for them, back out when it opens that way. Ends when the
 * person is out of the lane again, or when `over` says so.
 */
export async function walk(
  doors: LaneControllerSimulator,
  doorCount: number,
  gait: Gait,
  over: () => boolean,
): Promise<'through' | 'back' | 'over'> {
  let place = 0;
  while (!over()) {
    const next = place + 1;
    const goesOn = !staysBefore(gait, next, doorCount);
    const open = (lane: LaneControllerSimulator): boolean =>
      (goesOn && lane.door(next).openForward) || (place > 0 && lane.door(place).openBackward);
    if (!(await doors.waitFor(open, LOOK_MS))) continue;
    if (place > 0 && doors.door(place).openBackward) {
      await doors.walkBack(place);
      place -= 1;
      if (place === 0) return 'back';
    } else {
      await (gait === 'tailgated' && next === 1 ? doors.tailgate(1) : doors.walkIn(next));
      place = next;
      if (place === doorCount) return 'through';
    }
  }
  return 'over';
}

function staysBefore(gait: Gait, door: number, doorCount: number): boolean {
  switch (gait) {
    case 'staysOutside':
      return door === 1;
    case 'staysInside':
      return door > 1;
    case 'staysBeforeLast':
      return door === doorCount;
    case 'walksOn':
    case 'tailgated':
      return false;
  }
}
