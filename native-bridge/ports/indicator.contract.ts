import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import type { Indicator, IndicatorEvent } from './indicator.ts';

/** A lamp that somebody looks at. */
export interface IndicatorUnderTest {
  readonly indicator: Indicator;
  /** What shines at this moment. */
  shining(): string;
  unplug(): void;
  replug(): void;
  end(): Promise<void>;
}

/** What every {@link Indicator} must do. `make` gives one that is plugged in and not started. */
export function indicatorContract(name: string, make: () => IndicatorUnderTest): void {
  describe(`Indicator contract: ${name}`, () => {
    let bench: IndicatorUnderTest;
    let events: IndicatorEvent[];
    const until = (type: IndicatorEvent['type'], count = 1): Promise<void> =>
      vi.waitFor(() => expect(events.filter((event) => event.type === type)).toHaveLength(count), {
        timeout: 5_000,
        interval: 1,
      });

    beforeEach(async () => {
      bench = make();
      events = [];
      bench.indicator.subscribe((event) => events.push(event));
      bench.indicator.start();
      await until('ready');
    });
    afterEach(() => bench.end());

    test('is dark at first, and shows each lamp', async () => {
      expect(bench.shining()).toBe('off');
      for (const lamp of ['red', 'amber', 'green', 'off', 'green'] as const) {
        unwrap(await bench.indicator.show(lamp));
        expect(bench.shining()).toBe(lamp);
      }
    });

    test('shows the last of several that are asked for at once', async () => {
      await Promise.all(['red', 'green', 'amber'].map((lamp) => bench.indicator.show(lamp as 'red')));
      expect(bench.shining()).toBe('amber');
    });

    test('answers at once while unplugged, and shows the last wish when it is back', async () => {
      unwrap(await bench.indicator.show('red'));
      bench.unplug();
      await until('lost');
      expect(bench.indicator.ready).toBe(false);
      expect(await bench.indicator.show('green')).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
      bench.replug();
      await until('ready', 2);
      expect(bench.shining()).toBe('green');
    });

    test('is red after close, says nothing more and answers deviceClosed', async () => {
      unwrap(await bench.indicator.show('green'));
      await bench.indicator.close();
      expect(bench.shining()).toBe('red');
      const heard = events.length;
      expect(await bench.indicator.show('green')).toEqual({ ok: false, error: { code: 'deviceClosed' } });
      expect(events).toHaveLength(heard);
    });
  });
}
