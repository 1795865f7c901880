import { expect, test } from 'vitest';
import { AlarmList, type NewAlarm } from './alarm-list.ts';

const alarm = (event: NewAlarm['event'], severity: NewAlarm['severity'], detail: string): NewAlarm => ({
  event,
  severity,
  owner: 'port',
  at: '2026-06-01T08:00:00.000Z',
  recordId: null,
  detail,
});

test('the same trouble again is one alarm that counts', () => {
  const list = new AlarmList();
  for (let time = 0; time < 3; time += 1) list.raise(alarm('scannerGarbage', 'warning', 'cut'));
  expect(list.all).toMatchObject([{ event: 'scannerGarbage', count: 3 }]);
});

test('mild alarms make room for others, oldest first; a grave one is never dropped', () => {
  const list = new AlarmList();
  list.raise(alarm('tailgating', 'security', 'door 1'));
  for (let n = 0; n < 150; n += 1) list.raise(alarm('noticeFailed', 'warning', `${n}`));
  expect(list.all).toHaveLength(100);
  expect(list.all[0]).toMatchObject({ event: 'tailgating', detail: 'door 1' });
  expect(list.all.at(-1)).toMatchObject({ detail: '149' });
});

test('too many grave ones of a kind become one that counts them all, and each stays acknowledgeable', () => {
  const list = new AlarmList();
  list.raise(alarm('duplicateDocument', 'security', 'other'));
  for (let n = 0; n < 250; n += 1) list.raise(alarm('tailgating', 'security', `door ${n}`));
  expect(list.all).toHaveLength(100);
  const tailgating = list.all.filter(({ event }) => event === 'tailgating');
  expect(tailgating.reduce((sum, { count }) => sum + count, 0)).toBe(250);
  const [condensed] = tailgating;
  expect(condensed).toMatchObject({ detail: null, count: 152 });
  expect(list.acknowledge(condensed?.id ?? 0)?.count).toBe(152);
  expect(list.all).toHaveLength(99);
});
