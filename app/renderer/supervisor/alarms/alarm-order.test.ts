import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../contract/supervisor-view.ts';
import { byNeed, calmOrder } from './alarm-order.ts';

const alarm = (id: number, severity: Alarm['severity'], minute: number): Alarm => ({
  id,
  severity,
  event: 'deviceLost',
  owner: 'port',
  at: `2026-05-04T08:${String(minute).padStart(2, '0')}:00Z`,
  recordId: null,
  detail: null,
  count: 1,
});
const ids = (alarms: readonly Alarm[]) => alarms.map(({ id }) => id);

describe('alarm order', () => {
  const alarms = [alarm(1, 'warning', 9), alarm(2, 'security', 1), alarm(3, 'critical', 5), alarm(4, 'critical', 7)];

  it('puts the gravest first and the newest first among equals', () => {
    expect(ids(byNeed(alarms))).toEqual([2, 4, 3, 1]);
  });

  it('keeps rows in their place while somebody points at them', () => {
    const shown = ids(byNeed(alarms));
    const later = [alarm(5, 'security', 20), ...alarms.filter(({ id }) => id !== 4)];
    expect(ids(calmOrder(shown, later, true))).toEqual([2, 3, 1, 5]);
    expect(ids(calmOrder(shown, later, false))).toEqual([5, 2, 3, 1]);
  });
});
