import { describe, expect, it } from 'vitest';
import type { LaneCard } from '../../../contract/supervisor-console.ts';
import { wallOrder } from './wall-order.ts';

const card = (laneId: string, change: Partial<LaneCard> = {}): LaneCard => ({
  laneId,
  direction: { from: 'CHN', to: 'MAC' },
  topology: 'threeDoor',
  connected: true,
  inService: true,
  step: 'attract',
  stationsReached: 0,
  stepSince: '2026-05-08T02:15:00Z',
  doors: [],
  alarm: null,
  alarms: 0,
  referrals: { own: 0, others: 0 },
  passed: 0,
  withoutOfficer: null,
  medianMs: null,
  ...change,
});
const wall = (...cards: LaneCard[]) => new Map(cards.map((it) => [it.laneId, it]));
const alarm = (severity: 'warning' | 'security') => ({
  event: 'tailgating' as const,
  severity,
  at: '2026-05-08T02:15:00Z',
});

describe('the wall', () => {
  it('puts who waits for this side first, then graver alarms, then lanes by their number', () => {
    const lanes = wall(
      card('L10'),
      card('L9'),
      card('L8', { inService: false }),
      card('L3', { alarm: alarm('warning') }),
      card('L2', { alarm: alarm('security') }),
      card('L1', { referrals: { own: 1, others: 0 } }),
    );
    expect(wallOrder(lanes, [], false)).toEqual(['L1', 'L2', 'L3', 'L8', 'L9', 'L10']);
  });

  it('moves nothing while somebody points at it', () => {
    const lanes = wall(card('L1'), card('L2', { referrals: { own: 1, others: 0 } }), card('L3'));
    expect(wallOrder(lanes, ['L1', 'L2'], true)).toEqual(['L1', 'L2', 'L3']);
  });
});
