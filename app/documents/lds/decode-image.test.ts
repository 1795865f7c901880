import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { decodeImage } from './decode-image.ts';
import { readDg2 } from './dg2.ts';
import type { EncodedImage } from './image.ts';

const image = (format: EncodedImage['format'], bytes: Uint8Array): EncodedImage => ({
  format,
  bytes,
  widthPx: 0,
  heightPx: 0,
});
const red = () => sharp({ create: { width: 30, height: 20, channels: 3, background: '#ff0000' } });

test('JPEG and PNG are decoded to samples', async () => {
  const jpeg = await decodeImage(image('jpeg', await red().jpeg().toBuffer()));
  expect(jpeg).toMatchObject({ ok: true, value: { widthPx: 30, heightPx: 20, channels: 3 } });
  const png = unwrap(await decodeImage(image('png', await red().png().toBuffer())));
  expect([...png.samples.subarray(0, 3)]).toEqual([255, 0, 0]);
});

test('what is no image is malformed, and a size beyond all portraits is not decoded', async () => {
  expect(await decodeImage(image('jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0)))).toMatchObject({
    error: { code: 'imageMalformed' },
  });
  expect(await decodeImage(image('jpeg2000', new Uint8Array(50)))).toMatchObject({ error: { code: 'imageMalformed' } });
  const siz = Buffer.alloc(60);
  Buffer.from('ff4fff5100290000', 'hex').copy(siz);
  siz.writeUInt32BE(0x7fffffff, 8);
  siz.writeUInt32BE(0x7fffffff, 12);
  expect(await decodeImage(image('jpeg2000', siz))).toMatchObject({ error: { code: 'imageTooLarge' } });
});

const DG2 = fileURLToPath(new URL('../../../../shared/data/emrtd/bsi2008/EF_DG2.bin', import.meta.url));
const hasSample = existsSync(DG2);
if (!hasSample) process.stderr.write('skipped: no published JPEG 2000 portrait beside the repository\n');

describe.skipIf(!hasSample)('published JPEG 2000 portrait', () => {
  const portrait = () => unwrap(readDg2(new Uint8Array(readFileSync(DG2)))).images[0]!;

  test('is decoded in silence', async () => {
    const write = vi.spyOn(process.stdout, 'write');
    const decoded = unwrap(await decodeImage(portrait()));
    expect(decoded).toMatchObject({ widthPx: 413, heightPx: 531, channels: 3 });
    // A face on a light ground: neither black nor one colour.
    expect(new Set(decoded.samples).size).toBeGreaterThan(100);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });

  test('cut or spoilt, it is malformed, and the next one is decoded again', async () => {
    const { bytes } = portrait();
    expect(await decodeImage(image('jpeg2000', bytes.slice(0, 3000)))).toMatchObject({ ok: false });
    const spoilt = bytes.map((byte, at) => (at > 300 && at % 97 === 0 ? byte ^ 0xff : byte));
    await decodeImage(image('jpeg2000', spoilt));
    expect((await decodeImage(portrait())).ok).toBe(true);
  });
});
