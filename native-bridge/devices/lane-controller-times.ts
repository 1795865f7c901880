import type { TurnstileMap } from '../protocol/turnstile-map.ts';
import type { ReadingTimes } from './door-reading.ts';
import type { DoorTimes } from './door-unit.ts';
import type { ModbusBusTimes } from './modbus-bus.ts';

export interface LaneControllerTimes extends ModbusBusTimes, DoorTimes, ReadingTimes {
  /** After a lost unit, until it is looked for again. */
  readonly searchMs: number;
}

export function laneControllerTimes(map: TurnstileMap): LaneControllerTimes {
  const { interFrameGapMs, responseTimeoutMs } = map;
  return {
    interFrameGapMs,
    responseTimeoutMs,
    passTimeS: 10,
    passageTimeS: 10,
    fastPollMs: 20,
    slowPollMs: 200,
    searchMs: 250,
  };
}
