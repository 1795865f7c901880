import { expect, test } from 'vitest';
import type { LostReason } from '../ports/device-error.ts';
import { EventHub } from '../ports/event-source.ts';
import { ManualTiming } from '../ports/manual-timing.ts';
import { DeviceHealth, type HealthChange } from './device-health.ts';
import { LatencyHistogram } from './latency-histogram.ts';

const RULE = { losses: 3, windowMs: 10_000, steadyMs: 5_000 };

function watched() {
  const timing = new ManualTiming();
  const source = new EventHub<{ type: string; reason?: LostReason }>();
  const health = new DeviceHealth('documentScanner', source, timing, RULE);
  const changes: HealthChange[] = [];
  health.subscribe((change) => changes.push(change));
  const flap = (): void => {
    source.emit({ type: 'lost', reason: 'unplugged' });
    source.emit({ type: 'ready' });
  };
  return { timing, source, health, changes, flap };
}

test('a device that goes and comes back is lost, then ready', () => {
  const { source, health, changes } = watched();
  source.emit({ type: 'ready' });
  source.emit({ type: 'lost', reason: 'silent' });
  expect(health.inService).toBe(false);
  source.emit({ type: 'ready' });
  expect(health.inService).toBe(true);
  expect(changes.map(({ state, reason }) => [state, reason])).toEqual([
    ['ready', null],
    ['lost', 'silent'],
    ['ready', null],
  ]);
});

test('a device that flaps is out of service, says so, and returns when it was steady long enough', async () => {
  const { timing, source, health, changes, flap } = watched();
  source.emit({ type: 'ready' });
  for (let turn = 0; turn < 3; turn += 1) {
    flap();
    await timing.advance(1_000);
  }
  expect(health.report).toMatchObject({ state: 'flapping', reason: 'flapping', timesLost: 3, timesReady: 4 });
  await timing.advance(3_000);
  flap();
  await timing.advance(4_999);
  expect(health.inService).toBe(false);
  await timing.advance(1);
  expect(health.inService).toBe(true);
  expect(changes.at(-1)).toEqual({ device: 'documentScanner', state: 'ready', reason: null });
});

test('rare losses are no flapping', async () => {
  const { timing, source, health, flap } = watched();
  source.emit({ type: 'ready' });
  for (let turn = 0; turn < 10; turn += 1) {
    flap();
    await timing.advance(6_000);
  }
  expect(health.report.state).toBe('ready');
});

// Symptom: a reader that was silent for some seconds told its loss at each attempt, was taken for flapping, and stayed out for 30 s.
test('a device that stays away is lost once, however often it is looked for, and in service as soon as it is back', () => {
  const { source, health } = watched();
  source.emit({ type: 'ready' });
  for (let turn = 0; turn < 10; turn += 1) source.emit({ type: 'lost', reason: 'silent' });
  expect(health.report).toMatchObject({ state: 'lost', timesLost: 1 });
  source.emit({ type: 'ready' });
  expect(health.inService).toBe(true);
});

test('problems are counted and the last word is dated', async () => {
  const { timing, source, health } = watched();
  source.emit({ type: 'readProblem' });
  await timing.advance(700);
  expect(health.report).toMatchObject({ problems: 1, quietForMs: 700, state: 'starting' });
});

test('the histogram gives upper estimates in constant memory', () => {
  const histogram = new LatencyHistogram();
  expect(histogram.summary).toMatchObject({ count: 0, p50Ms: null, p95Ms: null });
  for (let n = 0; n < 95; n += 1) histogram.add(1.5);
  for (let n = 0; n < 5; n += 1) histogram.add(9_000);
  expect(histogram.summary).toMatchObject({ count: 100, p50Ms: 2, p95Ms: 2, maxMs: 9_000 });
});
