import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait } from '../../app/demo/specimens/portrait.ts';
import { readManifest } from '../manifest.ts';
import { cosine } from './embed.ts';
import { hintFor } from './hints.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { readPhotograph } from './photograph.ts';
import { closePipeline, type FacePipeline, openPipeline } from './pipeline.ts';
import { isCovered, type QualityProblem } from './quality.ts';

let pipeline: FacePipeline;
beforeAll(async () => {
  const manifest = unwrap(await readManifest());
  pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
}, 30_000);
afterAll(() => closePipeline(pipeline));

const SIZE = { width: 413, height: 531 };
const PEOPLE = ['p02', 'p03', 'p05', 'p06', 'p07'];

/** What the gate says about a specimen portrait with `svg` laid over it; `noFace` when none is found any more. */
async function judged(id: string, svg: string): Promise<readonly (QualityProblem | 'noFace')[]> {
  const read = await readPhotograph(pipeline, await overlaid(id, svg), { liveness: false });
  return read.ok ? read.value.problems : ['noFace'];
}

async function overlaid(id: string, svg: string): Promise<Buffer> {
  const overlay = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}">${svg}</svg>`,
  );
  return sharp(await cutPortrait(id))
    .composite([{ input: overlay }])
    .jpeg()
    .toBuffer();
}

const rows = (count: number, fill: string): string =>
  Array.from(
    { length: count },
    (_, i) =>
      `<rect x="0" y="${(i * SIZE.height) / count}" width="100%" height="${SIZE.height / count / 2.2}" fill="${fill}"/>`,
  ).join('');
const words = (text: string): string =>
  Array.from(
    { length: 14 },
    (_, i) =>
      `<text x="-20" y="${40 + i * 38}" font-size="44" font-family="sans-serif" font-weight="bold" fill="#fff">${text}</text>`,
  ).join('');

describe('patterns and print over a face', () => {
  test.each([
    ['white stripes', rows(22, '#fff')],
    ['dark stripes', rows(16, '#111')],
    ['text', words('SPECIMEN SPECIMEN')],
    ['a grid', `${rows(16, '#333')}<g transform="rotate(90) scale(1.3)">${rows(16, '#333')}</g>`],
  ])('%s: no person passes, so none can match another', async (_name, svg) => {
    for (const id of PEOPLE) {
      const problems = await judged(id, svg);
      expect(problems.includes('noFace') || isCovered(problems as QualityProblem[])).toBe(true);
    }
  });
});

describe('under one and the same cover different people do not match', () => {
  const mask = (fill: string) => `<path d="M70 285 Q206 255 342 285 V430 Q206 500 70 430 Z" fill="${fill}"/>`;
  test.each([
    ['dark glasses', '<rect x="90" y="195" width="235" height="75" rx="26" fill="#141414"/>'],
    ['a light mask', mask('#e8eef2')],
    ['a dark mask', mask('#17191c')],
    ['a hand', '<ellipse cx="206" cy="350" rx="110" ry="75" fill="#c99b7d"/>'],
    ['a sheet over one half', '<rect x="0" y="0" width="206" height="531" fill="#777"/>'],
    ['a cross', '<path d="M0 0 L413 531 M413 0 L0 531" stroke="#fff" stroke-width="36"/>'],
    ['a pale watermark', words('SPECIMEN SPECIMEN').replaceAll('#fff"', '#fff" opacity="0.5"')],
  ])('%s', async (_name, svg) => {
    const passed: Float32Array[] = [];
    for (const id of [...PEOPLE, 'p04', 'p08', 'p09']) {
      const read = await readPhotograph(pipeline, await overlaid(id, svg), { liveness: false });
      // Whatever the gate objects to is never compared in a lane.
      if (read.ok && read.value.problems.length === 0) passed.push(read.value.embedding);
    }
    const { threshold } = pipeline.sessions.recogniser.model;
    for (const [i, one] of passed.entries()) {
      for (const other of passed.slice(i + 1)) expect(cosine(one, other)).toBeLessThan(threshold);
    }
  });
});

describe('one thing wrong at a time', () => {
  test.each(PEOPLE)('%s as she is passes', async (id) => {
    expect(await judged(id, '')).toEqual([]);
  });

  test('dark glasses are asked to come off', async () => {
    // p03's eyes lie at about 45 % of the portrait's height.
    const problems = await judged('p03', '<rect x="110" y="205" width="200" height="58" rx="22" fill="#141414"/>');
    expect(problems).toContain('eyesCovered');
    expect(hintFor(1, problems as QualityProblem[])).toBe('takeOffSunglasses');
  });

  test('a mask is asked to come off', async () => {
    const problems = await judged('p03', '<rect x="112" y="290" width="200" height="130" rx="30" fill="#dfe8ee"/>');
    expect(problems).toContain('mouthCovered');
  });

  const altered = async (change: (portrait: Sharp) => Sharp): Promise<readonly string[]> => {
    const bytes = await change(sharp(await cutPortrait('p05')))
      .jpeg()
      .toBuffer();
    return unwrap(await readPhotograph(pipeline, bytes, { liveness: false })).problems;
  };

  test.each([
    ['far away', 'faceTooSmall', (image: Sharp) => image.resize(120)],
    ['out of focus', 'tooBlurred', (image: Sharp) => image.blur(9)],
    ['in the dark', 'tooDark', (image: Sharp) => image.linear(0.2, 0)],
    ['overexposed', 'clipped', (image: Sharp) => image.linear(2.4, 40)],
    ['in fog', 'lowContrast', (image: Sharp) => image.linear(0.28, 100)],
    ['turned on its side', 'turnedAway', (image: Sharp) => image.rotate(40, { background: '#777' })],
    ['half outside', 'faceCut', (image: Sharp) => image.extract({ left: 0, top: 225, width: 413, height: 306 })],
  ] as const)('%s is %s', async (_name, problem, change) => {
    expect(await altered(change)).toContain(problem);
  });
});
