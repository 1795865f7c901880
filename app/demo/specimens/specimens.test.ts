import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginCapture, type CaptureState, stepCapture } from '../../../models/face/capture.ts';
import { capturePolicy } from '../../../models/face/capture-policy.ts';
import { FaceEngine } from '../../../models/face/face-engine.ts';
import { unwrap } from '../../contract/result.ts';
import {
  cutPortrait,
  listSpecimenFaces,
  listSpecimenTravellers,
  liveFrames,
  type Scene,
  writeCameraFile,
} from './specimens.ts';

const VGA = { width: 640, height: 480 };
let engine: FaceEngine;
beforeAll(async () => {
  engine = unwrap(await FaceEngine.start());
}, 30_000);
afterAll(() => engine.close());

/** The whole capture: `portrait` is enrolled, `scene` stands before the camera, a second at 15 frames a second, with other noise each time. */
async function capture(portrait: string, scene: Scene, seconds: number, film = false): Promise<CaptureState> {
  unwrap(await engine.setReference('specimen', await cutPortrait(portrait)));
  const frames = await liveFrames(scene, { count: 15, ...VGA, intervalMs: 66 });
  let state = beginCapture(0);
  for (let i = 0; i < seconds * 15 && !state.decision; i++) {
    const frame = frames[i % frames.length]!;
    const data = Uint8Array.from(frame.data);
    // A second that came again to the last bit would be a film, and be found out; a hanging camera stays as it is.
    if (scene.kind !== 'frozen' && !film) data[i * 4]! ^= 1;
    const sample = unwrap(await engine.assess('specimen', { ...frame, data }));
    state = stepCapture(state, { type: 'assessment', sample, atMs: (i + 1) * 66 }, capturePolicy(engine.manifest));
  }
  return state;
}

describe('specimen people before the real models', () => {
  test.each(listSpecimenTravellers().map(({ person, portrait, live }) => [person, portrait, live] as const))(
    '%s is matched with the enrolled portrait',
    async (_person, portrait, live) => {
      expect((await capture(portrait, { kind: 'person', face: live }, 4)).decision).toMatchObject({
        outcome: 'matched',
      });
    },
  );

  test('a stranger is not matched', async () => {
    expect((await capture('p03', { kind: 'person', face: 'p10' }, 8)).decision?.outcome).toBe('notMatched');
  });

  test('a printed photo of the right person is suspected', async () => {
    expect((await capture('p03', { kind: 'printedPhoto', face: 'p03' }, 4)).decision?.outcome).toBe('spoofSuspected');
  });

  test('a frozen picture of the right person is found out', async () => {
    expect((await capture('p03', { kind: 'frozen', face: 'p03' }, 4)).decision?.outcome).toBe('frozenVideo');
  });

  test('a film that runs in a loop is found out before it is compared to the end', async () => {
    const { decision } = await capture('p03', { kind: 'person', face: 'p05' }, 4, true);
    expect(decision?.outcome).toBe('frozenVideo');
  });

  test('two people are asked to come one at a time, then referred', async () => {
    const state = await capture('p03', { kind: 'twoPeople', left: 'p02', right: 'p03' }, 6);
    expect(state.decision?.outcome).toBe('severalFaces');
    expect(state.hint.shown).toBe('onePersonOnly');
  });
});

test('only one person has two photographs; every face has its own name', () => {
  expect(
    listSpecimenTravellers()
      .filter(({ photographs }) => photographs === 2)
      .map(({ person }) => person),
  ).toEqual(['p01']);
  const ids = listSpecimenFaces().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('portraits are of the size that is enrolled', async () => {
  const { width, height, format } = await sharp(await cutPortrait('p05')).metadata();
  expect({ width, height, format }).toEqual({ width: 413, height: 531, format: 'jpeg' });
});

test('the camera file is 16 seconds of whole 4:2:0 JPEGs of 640 x 480, no two alike, put there by a rename', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jointgate-camera-'));
  try {
    const path = join(folder, 'deeper', 'camera.mjpeg');
    await writeCameraFile(path, { kind: 'person', face: 'p02' });
    await writeCameraFile(path, { kind: 'nobody' });
    const bytes = await readFile(path);
    const starts: number[] = [];
    for (let at = bytes.indexOf('ffd8ff', 'hex'); at >= 0; at = bytes.indexOf('ffd8ff', at + 1, 'hex')) {
      if (at === 0 || bytes.subarray(at - 2, at).equals(Buffer.from('ffd9', 'hex'))) starts.push(at);
    }
    expect(starts).toHaveLength(480);
    // The same frame of each second, and neighbours: decoded, all are different.
    const decoded = new Set<string>();
    const looked = starts.flatMap((start, i) => (i % 30 < 2 ? [bytes.subarray(start, starts[i + 1])] : []));
    for (const jpeg of looked) decoded.add((await sharp(jpeg).raw().toBuffer()).toString('base64'));
    expect(decoded.size).toBe(looked.length);
    const last = await sharp(bytes.subarray(starts.at(-1)!)).metadata();
    expect(last).toMatchObject({ ...VGA, chromaSubsampling: '4:2:0' });
    expect(await readdir(join(folder, 'deeper'))).toEqual(['camera.mjpeg']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('frames of a scene differ, those of a frozen one do not; the same seed gives the same bytes', async () => {
  const wish = { count: 2, width: 160, height: 120 };
  const [one, two] = await liveFrames({ kind: 'nobody' }, wish);
  expect(Buffer.compare(one!.data, two!.data)).not.toBe(0);
  const [again] = await liveFrames({ kind: 'nobody' }, wish);
  expect(Buffer.compare(one!.data, again!.data)).toBe(0);
  const [still, same] = await liveFrames({ kind: 'frozen', face: 'p02' }, wish);
  expect(Buffer.compare(still!.data, same!.data)).toBe(0);
});
