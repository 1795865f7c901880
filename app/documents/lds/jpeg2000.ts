import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import createOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import { z } from 'zod';
import { err, ok, type Result } from '../../contract/result.ts';
import { type DecodedImage, type ImageError, MAX_PIXELS } from './image.ts';

/** The parts of the WebAssembly module that are used; the package has no types of its own. */
interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): unknown;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}
interface OpenJpeg {
  readonly J2KDecoder: new () => Decoder;
}

const frameSchema = z.object({
  width: z.int().min(1),
  height: z.int().min(1),
  bitsPerSample: z.literal(8),
  componentCount: z.union([z.literal(1), z.literal(3)]),
});

let loaded: Promise<OpenJpeg> | null = null;

function load(): Promise<OpenJpeg> {
  const wasm = createRequire(import.meta.url).resolve('@cornerstonejs/codec-openjpeg/decodewasm');
  // The codec talks about every image on standard output; nothing about a portrait may be printed.
  const silent = () => undefined;
  return createOpenJpeg({ wasmBinary: readFileSync(wasm), print: silent, printErr: silent }) as Promise<OpenJpeg>;
}

/** Decodes JPEG 2000 (ISO/IEC 15444-1), boxed or a bare code stream, to interleaved 8-bit samples. */
export async function decodeJpeg2000(bytes: Uint8Array): Promise<Result<DecodedImage, ImageError>> {
  const size = readSize(bytes);
  if (!size) return err({ code: 'imageMalformed' });
  // The size is read before the codec allocates anything for it.
  if (size.widthPx * size.heightPx > MAX_PIXELS) return err({ code: 'imageTooLarge' });
  loaded ??= load();
  try {
    const decoder = new (await loaded).J2KDecoder();
    try {
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      const frame = frameSchema.safeParse(decoder.getFrameInfo());
      if (!frame.success) return err({ code: 'imageMalformed' });
      const { width, height, componentCount } = frame.data;
      const samples = Uint8Array.from(decoder.getDecodedBuffer());
      if (samples.length !== width * height * componentCount) return err({ code: 'imageMalformed' });
      return ok({ widthPx: width, heightPx: height, channels: componentCount, samples });
    } finally {
      decoder.delete();
    }
  } catch {
    // The codec aborts its whole module on some broken streams: the next image gets a new one.
    loaded = null;
    return err({ code: 'imageMalformed' });
  }
}

const SIZ_BYTES = 20;
const SEARCH_BYTES = 4096;

/** Image size of the SIZ marker that must follow the start of the code stream (§A.5.1). */
function readSize(bytes: Uint8Array): { readonly widthPx: number; readonly heightPx: number } | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = view.subarray(0, SEARCH_BYTES).indexOf(Buffer.from('ff4fff51', 'hex'));
  if (start < 0 || start + 4 + SIZ_BYTES > view.length) return null;
  const at = start + 8;
  const widthPx = view.readUInt32BE(at) - view.readUInt32BE(at + 8);
  const heightPx = view.readUInt32BE(at + 4) - view.readUInt32BE(at + 12);
  return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : null;
}
