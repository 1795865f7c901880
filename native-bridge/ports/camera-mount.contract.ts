import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import type { CameraLight, CameraMountEvent, CameraTilt } from './camera-mount.ts';

interface MountUnderTest {
  unplug(): void;
  replug(): void;
  end(): Promise<void>;
}

/** A light that somebody sees: `brightness` 0 in the dark, more for more. */
export interface LightUnderTest extends MountUnderTest {
  readonly light: CameraLight;
  brightness(): number;
}

/** A mount whose place somebody sees, in its own steps above the horizon. */
export interface TiltUnderTest extends MountUnderTest {
  readonly tilt: CameraTilt;
  steps(): number;
  /** Something holds it. */
  jam(): void;
  unjam(): void;
}

/** A started device, its events, and a wait for one of them; ended with the test. */
function mounted<B extends MountUnderTest>(make: () => B, deviceOf: (bench: B) => CameraLight | CameraTilt) {
  const state = { bench: null as B | null, events: [] as CameraMountEvent[] };
  const until = (type: CameraMountEvent['type'], count = 1): Promise<void> =>
    vi.waitFor(() => expect(state.events.filter((event) => event.type === type)).toHaveLength(count), {
      timeout: 8_000,
      interval: 1,
    });
  beforeEach(async () => {
    state.bench = make();
    state.events = [];
    const device = deviceOf(state.bench);
    device.subscribe((event) => state.events.push(event));
    device.start();
    await until('ready');
  });
  afterEach(() => state.bench?.end());
  const bench = (): B => {
    if (state.bench === null) throw new Error('no device was made');
    return state.bench;
  };
  return { bench, until, heard: () => state.events.length };
}

/** What every {@link CameraLight} must do. `make` gives one that is plugged in and not started. */
export function cameraLightContract(name: string, make: () => LightUnderTest): void {
  describe(`CameraLight contract: ${name}`, () => {
    const { bench, until, heard } = mounted(make, ({ light }) => light);

    test('is dark, brighter with more, and dark again', async () => {
      expect(bench().brightness()).toBe(0);
      let before = 0;
      for (const percent of [1, 30, 100]) {
        unwrap(await bench().light.setLight(percent));
        expect(bench().brightness()).toBeGreaterThan(before);
        before = bench().brightness();
      }
      unwrap(await bench().light.setLight(0));
      expect(bench().brightness()).toBe(0);
    });

    test.each([-1, 101, Number.NaN])('refuses %d percent', async (percent) => {
      expect(await bench().light.setLight(percent)).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
    });

    test('answers at once while unplugged, and shines again when it is back', async () => {
      unwrap(await bench().light.setLight(50));
      const lit = bench().brightness();
      bench().unplug();
      await until('lost');
      expect(await bench().light.setLight(50)).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
      bench().replug();
      await until('ready', 2);
      await vi.waitFor(() => expect(bench().brightness()).toBe(lit), { timeout: 5_000, interval: 1 });
    });

    test('is dark after close and says nothing more', async () => {
      unwrap(await bench().light.setLight(50));
      await bench().light.close();
      const before = heard();
      expect(bench().brightness()).toBe(0);
      expect(await bench().light.setLight(50)).toEqual({ ok: false, error: { code: 'deviceClosed' } });
      expect(heard()).toBe(before);
    });
  });
}

/** What every {@link CameraTilt} must do. `make` gives one that is plugged in and not started. */
export function cameraTiltContract(name: string, make: () => TiltUnderTest): void {
  describe(`CameraTilt contract: ${name}`, () => {
    const { bench, until } = mounted(make, ({ tilt }) => tilt);

    test('looks up, down and straight ahead', async () => {
      unwrap(await bench().tilt.setTilt(10));
      expect(bench().steps()).toBeGreaterThan(0);
      unwrap(await bench().tilt.setTilt(-10));
      expect(bench().steps()).toBeLessThan(0);
      unwrap(await bench().tilt.setTilt(0));
      expect(bench().steps()).toBe(0);
    });

    test('ends up where the last of several wished it', async () => {
      await Promise.all([5, -5, 8].map((degrees) => bench().tilt.setTilt(degrees)));
      const there = bench().steps();
      unwrap(await bench().tilt.setTilt(8));
      expect(bench().steps()).toBe(there);
    });

    test.each([-91, 91, Number.NaN])('refuses %d degrees', async (degrees) => {
      expect(await bench().tilt.setTilt(degrees)).toMatchObject({ ok: false, error: { code: 'requestInvalid' } });
    });

    test('says that it is held, and moves when it is free', async () => {
      bench().jam();
      expect(await bench().tilt.setTilt(10)).toMatchObject({ ok: false, error: { code: 'deviceRejected' } });
      bench().unjam();
      unwrap(await bench().tilt.setTilt(10));
    });

    test('answers at once while unplugged, and moves when it is back', async () => {
      bench().unplug();
      await until('lost');
      expect(await bench().tilt.setTilt(3)).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
      bench().replug();
      await until('ready', 2);
      unwrap(await bench().tilt.setTilt(3));
    });

    test('answers deviceClosed after close', async () => {
      await bench().tilt.close();
      expect(await bench().tilt.setTilt(3)).toEqual({ ok: false, error: { code: 'deviceClosed' } });
    });
  });
}
