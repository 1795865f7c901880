import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

type Spoken = { readonly type: string } | { readonly type: 'lost'; readonly reason: LostReason };

interface Speaking<E extends Spoken> extends EventSource<E> {
  readonly ready: boolean;
  start(): void;
  close(): Promise<void>;
}

/** A device that speaks by itself, with somebody who pulls its cable. */
export interface SpeakingUnderTest<E extends Spoken> {
  readonly scanner: Speaking<E>;
  unplug(): void;
  replug(): void;
  end(): Promise<void>;
}

/** What the current test works with: the device, started and ready, and everything it has said. */
export interface SpeakingBench<E extends Spoken, B extends SpeakingUnderTest<E>> {
  device(): B;
  events(): readonly E[];
  until(wanted: object): Promise<void>;
  untilHolds(holds: () => void): Promise<void>;
}

/** To be called within `describe`: a device before each test, ended after it. */
export function speakingBench<E extends Spoken, B extends SpeakingUnderTest<E>>(make: () => B): SpeakingBench<E, B> {
  let device: B;
  let events: E[] = [];
  const untilHolds = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 5_000, interval: 1 });
  const until = (wanted: object): Promise<void> =>
    untilHolds(() => expect(events).toContainEqual(expect.objectContaining(wanted)));
  beforeEach(async () => {
    device = make();
    events = [];
    device.scanner.subscribe((event) => events.push(event));
    device.scanner.start();
    await until({ type: 'ready' });
  });
  afterEach(() => device.end());
  return { device: () => device, events: () => events, until, untilHolds };
}

/** `speak`: something is laid on it or held to it; `said`: the event that follows. */
export function comesAndGoes<E extends Spoken, B extends SpeakingUnderTest<E>>(
  bench: SpeakingBench<E, B>,
  speak: (device: B) => Promise<void>,
  said: object,
): void {
  test('is lost when unplugged and ready again when it is back', async () => {
    bench.device().unplug();
    await bench.until({ type: 'lost', reason: 'unplugged' });
    expect(bench.device().scanner.ready).toBe(false);
    bench.device().replug();
    await bench.untilHolds(() => expect(bench.events().filter(({ type }) => type === 'ready')).toHaveLength(2));
    await speak(bench.device());
    await bench.until(said);
  });

  test('says nothing after close', async () => {
    await bench.device().scanner.close();
    const heard = bench.events().length;
    await speak(bench.device());
    expect(bench.events()).toHaveLength(heard);
    expect(bench.device().scanner.ready).toBe(false);
  });
}
