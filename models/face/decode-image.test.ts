import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait } from '../../app/demo/specimens/portrait.ts';
import { readManifest } from '../manifest.ts';
import { decodeImage } from './decode-image.ts';
import { cosine } from './embed.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { readPhotograph } from './photograph.ts';
import { type FacePipeline, openPipeline } from './pipeline.ts';

let portrait: Buffer;
let pipeline: FacePipeline;
beforeAll(async () => {
  portrait = Buffer.from(await cutPortrait('p03'));
  const manifest = unwrap(await readManifest());
  pipeline = unwrap(await openPipeline({ manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 }));
}, 30_000);

const MB = 1024 * 1024;
const blank = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#888' } });

async function animated(): Promise<Buffer> {
  const frames = await Promise.all(
    ['#f00', '#0f0'].map((background) =>
      sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
}

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);

/** A PNG whose valid header promises 60,000 x 60,000 pixels, with no more behind it. */
function bomb(): Buffer {
  const chunk = (body: string): Buffer => {
    const bytes = Buffer.from(body, 'hex');
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(bytes.length - 4, 0);
    frame.writeUInt32BE(crc32(bytes), 4);
    return Buffer.concat([frame.subarray(0, 4), bytes, frame.subarray(4)]);
  };
  const header = chunk('494844520000ea600000ea600802000000');
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), header, chunk('4944415478da0300')]);
}

/** Grey, 16 bits a sample, one strip (TIFF 6.0 section 3). */
function tiff16(): Buffer {
  const [width, height, short, long] = [64, 64, 3, 4];
  const pixels = Buffer.alloc(width * height * 2, 0x40);
  const tags: readonly (readonly [number, number, number])[] = [
    [256, short, width],
    [257, short, height],
    [258, short, 16],
    [259, short, 1],
    [262, short, 1],
    [273, long, 8],
    [277, short, 1],
    [278, short, height],
    [279, long, pixels.length],
  ];
  const head = Buffer.from('49492a0000000000', 'hex');
  head.writeUInt32LE(8 + pixels.length, 4);
  const directory = Buffer.alloc(2 + tags.length * 12 + 4);
  directory.writeUInt16LE(tags.length);
  for (const [i, [tag, type, value]] of tags.entries()) {
    const at = 2 + i * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  return Buffer.concat([head, pixels, directory]);
}

/** The size marker says 16 bits of each component (ISO/IEC 15444-1 A.5.1). */
async function jpeg2000Of16Bits(): Promise<Buffer> {
  const bytes = await jpeg2000(portrait);
  const start = bytes.indexOf(Buffer.from('ff4fff51', 'hex'));
  for (const component of [0, 1, 2]) bytes[start + 42 + component * 3] = 15;
  return bytes;
}

const hostile: readonly (readonly [string, () => Buffer | Promise<Buffer>, string])[] = [
  ['nothing', () => Buffer.alloc(0), 'imageEmpty'],
  ['text', () => Buffer.from('this is no photograph at all'), 'imageUnsupported'],
  ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"/>'), 'imageUnsupported'],
  ['a PDF', () => Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj'), 'imageUnsupported'],
  ['half a JPEG', () => half(portrait), 'imageCorrupt'],
  ['a JPEG header alone', () => portrait.subarray(0, 20), 'imageUnsupported'],
  ['an animation', animated, 'imageUnsupported'],
  ['a CMYK JPEG', () => sharp(portrait).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 'imageUnsupported'],
  ['a CMYK TIFF', () => sharp(portrait).toColourspace('cmyk').tiff().toBuffer(), 'imageUnsupported'],
  ['a 16-bit PNG', () => sharp(portrait).toColourspace('rgb16').png().toBuffer(), 'imageUnsupported'],
  ['a 16-bit grey PNG', () => sharp(portrait).toColourspace('grey16').png().toBuffer(), 'imageUnsupported'],
  ['a 16-bit TIFF', tiff16, 'imageUnsupported'],
  ['a 16-bit JPEG 2000', jpeg2000Of16Bits, 'imageCorrupt'],
  ['half a PNG', async () => half(await sharp(portrait).png().toBuffer()), 'imageCorrupt'],
  ['half a JPEG 2000', async () => half(await jpeg2000(portrait)), 'imageCorrupt'],
  [
    'an animated WebP',
    async () =>
      sharp(await animated(), { animated: true })
        .webp()
        .toBuffer(),
    'imageUnsupported',
  ],
  ['100 megapixels', () => blank(10_000, 10_000).jpeg({ quality: 20 }).toBuffer(), 'imageTooLarge'],
  ['a header that promises gigapixels', bomb, 'imageTooLarge'],
  ['21 megabytes', () => Buffer.concat([portrait, Buffer.alloc(21 * MB)]), 'imageTooLarge'],
  ['JPEG 2000 without a size', () => Buffer.from('ff4fff51', 'hex'), 'imageCorrupt'],
  [
    'JPEG 2000 of gigapixels',
    () => Buffer.concat([Buffer.from('ff4fff51002f00000000ffff0000ffff', 'hex'), Buffer.alloc(80)]),
    'imageTooLarge',
  ],
  [
    'JPEG 2000 with junk behind its size',
    () => Buffer.concat([Buffer.from('ff4fff51002f0000000001000000010000000000', 'hex'), Buffer.alloc(200, 0x5a)]),
    'imageCorrupt',
  ],
];

describe('hostile images', () => {
  test.each(hostile)('%s: a code, within a second and 200 MB', async (_name, make, code) => {
    const bytes = await make();
    const before = process.memoryUsage.rss();
    const start = performance.now();
    expect(await decodeImage(bytes)).toMatchObject({ ok: false, error: { code } });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * MB);
  });

  test('a good photograph without a face is noFace', async () => {
    const wall = await blank(400, 500).jpeg().toBuffer();
    expect(await readPhotograph(pipeline, wall, { liveness: true })).toEqual({ ok: false, error: { code: 'noFace' } });
  });
});

describe('the same portrait in another dress gives the same face', () => {
  const template = async (bytes: Uint8Array) =>
    unwrap(await readPhotograph(pipeline, bytes, { liveness: false })).embedding;

  const dresses: readonly (readonly [string, (portrait: Buffer) => Promise<Buffer>])[] = [
    [
      'PNG with a transparent border',
      (bytes) =>
        sharp(bytes)
          .extend({ top: 30, bottom: 30, left: 30, right: 30, background: { r: 0, g: 0, b: 0, alpha: 0 } })
          .png()
          .toBuffer(),
    ],
    ['WebP', (bytes) => sharp(bytes).webp({ quality: 90 }).toBuffer()],
    ['palette PNG', (bytes) => sharp(bytes).png({ palette: true }).toBuffer()],
    [
      'JPEG lying on its side with EXIF orientation 6',
      (bytes) => sharp(bytes).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(),
    ],
    [
      'JPEG upside down with EXIF orientation 3',
      (bytes) => sharp(bytes).rotate(180).withMetadata({ orientation: 3 }).jpeg({ quality: 95 }).toBuffer(),
    ],
    ['JPEG 2000', (bytes) => jpeg2000(bytes)],
    ['five times the size', (bytes) => sharp(bytes).resize(2065).jpeg().toBuffer()],
  ];

  test.each(dresses)('%s', async (_name, dress) => {
    expect(cosine(await template(portrait), await template(await dress(portrait)))).toBeGreaterThan(0.93);
  });

  test('grey keeps the person', async () => {
    const grey = await sharp(portrait).greyscale().jpeg().toBuffer();
    expect(cosine(await template(portrait), await template(grey))).toBeGreaterThan(0.7);
  });
});

/** The encoder's side of the codec, which the product does not use. */
interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  setQuality(reversible: boolean, quality: number): void;
  setCompressionRatio(layer: number, ratio: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

async function jpeg2000(bytes: Buffer): Promise<Buffer> {
  const create = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as (
    options: object,
  ) => Promise<{ J2KEncoder: new () => Encoder }>;
  const { J2KEncoder } = await create({ print: () => undefined, printErr: () => undefined });
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const encoder = new J2KEncoder();
  encoder
    .getDecodedBuffer({ width: info.width, height: info.height, bitsPerSample: 8, componentCount: 3, isSigned: false })
    .set(data);
  encoder.setQuality(false, 0);
  encoder.setCompressionRatio(0, 15);
  encoder.encode();
  return Buffer.from(encoder.getEncodedBuffer());
}
