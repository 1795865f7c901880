import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait } from '../../app/demo/specimens/portrait.ts';
import { readManifest } from '../manifest.ts';
import { detectFaces } from './detect.ts';
import type { RgbaImage } from './image.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { closePipeline, type FacePipeline, openPipeline } from './pipeline.ts';

let pipeline: FacePipeline;
let portrait: Uint8Array;
beforeAll(async () => {
  portrait = await cutPortrait('p03');
  const manifest = unwrap(await readManifest());
  pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
}, 30_000);
afterAll(() => closePipeline(pipeline));

/** The portrait, `width` pixels wide, on a wall; the face is some 45 % of the portrait's width. */
async function onWall(wall: readonly [number, number], width: number, left: number, top: number): Promise<RgbaImage> {
  const input = await sharp(portrait).resize(width).png().toBuffer();
  const { data, info } = await sharp({
    create: { width: wall[0], height: wall[1], channels: 4, background: '#9aa0a6' },
  })
    .composite([{ input, left, top }])
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

test.each([
  ['60 pixels in a 1,600 x 1,200 photograph', [1600, 1200], 133, 1200, 700],
  ['60 pixels in a camera frame', [640, 480], 133, 60, 200],
  ['a quarter of the frame', [640, 480], 360, 140, 10],
] as const)('a face of %s is found where it is', async (_name, wall, width, left, top) => {
  const [face, ...others] = await detectFaces(pipeline.sessions.detector, await onWall(wall, width, left, top));
  expect(others).toEqual([]);
  expect(face!.x + face!.width / 2).toBeGreaterThan(left + width * 0.35);
  expect(face!.x + face!.width / 2).toBeLessThan(left + width * 0.65);
  expect(face!.width).toBeGreaterThan(width * 0.3);
  expect(face!.width).toBeLessThan(width * 0.65);
});

test('a face that is the whole image is found', async () => {
  const tight = await sharp(portrait)
    .extract({ left: 110, top: 130, width: 200, height: 270 })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const faces = await detectFaces(pipeline.sessions.detector, { width: 200, height: 270, data: tight.data });
  expect(faces).toHaveLength(1);
});

test('an empty wall has no face in any of the tries', async () => {
  const wall = await sharp({ create: { width: 1600, height: 900, channels: 4, background: '#9aa0a6' } })
    .raw()
    .toBuffer();
  expect(await detectFaces(pipeline.sessions.detector, { width: 1600, height: 900, data: wall })).toEqual([]);
});
