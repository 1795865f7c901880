import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FaceCamera, FaceCameraEvent } from './face-camera.ts';

/** A camera with somebody who stands before it. */
export interface CameraUnderTest {
  readonly camera: FaceCamera;
  present(sight: 'person' | 'photo', place: 'centred' | 'tooHigh'): void;
  leave(): void;
  unplug(): void;
  replug(): void;
  end(): Promise<void>;
}

/** What every {@link FaceCamera} must do. `make` gives a camera that is plugged in and not started. */
export function faceCameraContract(name: string, make: () => CameraUnderTest): void {
  describe(`FaceCamera contract: ${name}`, () => {
    let bench: CameraUnderTest;
    let events: FaceCameraEvent[];
    const until = (type: FaceCameraEvent['type'], count = 1): Promise<void> =>
      vi.waitFor(() => expect(events.filter((event) => event.type === type)).toHaveLength(count), {
        timeout: 8_000,
        interval: 1,
      });

    beforeEach(async () => {
      bench = make();
      events = [];
      bench.camera.subscribe((event) => events.push(event));
      bench.camera.start();
      await until('ready');
    });
    afterEach(() => bench.end());

    test('tells a person from a picture and from nobody', async () => {
      expect(await bench.camera.detectSpoof()).toEqual({ ok: true, value: 'noFace' });
      bench.present('person', 'centred');
      expect(await bench.camera.detectSpoof()).toEqual({ ok: true, value: 'live' });
      bench.leave();
      bench.present('photo', 'centred');
      expect(await bench.camera.detectSpoof()).toEqual({ ok: true, value: 'spoof' });
    });

    test('asks somebody in a wrong place to move, and judges nobody there', async () => {
      bench.present('person', 'tooHigh');
      expect(await bench.camera.detectSpoof()).toEqual({ ok: true, value: 'noFace' });
      expect(events.filter((event) => event.type === 'hint')).toMatchObject([{ advice: 'offCentre' }]);
    });

    test('looks once for each who asks, one after the other', async () => {
      bench.present('person', 'centred');
      const looks = [1, 2, 3].map(() => bench.camera.detectSpoof());
      expect(await Promise.all(looks)).toEqual(Array.from({ length: 3 }, () => ({ ok: true, value: 'live' })));
    });

    test('answers at once while unplugged, and looks again when it is back', async () => {
      bench.unplug();
      await until('lost');
      expect(bench.camera.ready).toBe(false);
      expect(await bench.camera.detectSpoof()).toMatchObject({ ok: false, error: { code: 'deviceLost' } });
      bench.replug();
      await until('ready', 2);
      bench.present('person', 'centred');
      expect(await bench.camera.detectSpoof()).toEqual({ ok: true, value: 'live' });
    });

    test('close ends a look and says nothing more', async () => {
      const looking = bench.camera.detectSpoof();
      await bench.camera.close();
      await looking;
      const heard = events.length;
      expect(await bench.camera.detectSpoof()).toEqual({ ok: false, error: { code: 'deviceClosed' } });
      expect(events).toHaveLength(heard);
    });
  });
}
