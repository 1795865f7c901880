import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { RgbaImage } from './image.ts';

/*
 * JPEG 2000 portraits (ISO/IEC 15444-1), boxed or bare code streams, through OpenJPEG in WebAssembly. The documents room
 * has a decoder of its own for its checks; this one lives in the worker, where portraits become templates.
 */

/** The parts of the codec that are used. */
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
  componentCount: z.union([z.literal(1), z.literal(3), z.literal(4)]),
});

/** Start of code stream, then the size marker (Annex A.4.1, A.5.1). */
const CODE_STREAM = Buffer.from('ff4fff51', 'hex');
const JP2_SIGNATURE = Buffer.from('0000000c6a502020', 'hex');
/** Boxes before the code stream are small; a bomb may hide it behind megabytes of nothing. */
const SEARCH_BYTES = 64 * 1024;

export function isJpeg2000(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12));
  return start.subarray(0, 8).equals(JP2_SIGNATURE) || start.subarray(0, 4).equals(CODE_STREAM);
}

/** Size from the header, before anything is allocated for it; `undefined` where there is none. */
export function sizeOfJpeg2000(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = view.subarray(0, SEARCH_BYTES).indexOf(CODE_STREAM);
  if (at < 0 || at + 40 > view.length) return undefined;
  const width = view.readUInt32BE(at + 8) - view.readUInt32BE(at + 16);
  const height = view.readUInt32BE(at + 12) - view.readUInt32BE(at + 20);
  return width > 0 && height > 0 ? { width, height } : undefined;
}

let loaded: Promise<OpenJpeg> | undefined;

/** Decodes, or throws with the reason in words. */
export async function decodeJpeg2000(bytes: Uint8Array): Promise<RgbaImage> {
  loaded ??= load();
  try {
    const decoder = new (await loaded).J2KDecoder();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const frame = frameSchema.safeParse(decoder.getFrameInfo());
    if (!frame.success) throw new Error('no 8-bit grey or colour image came out');
    const { width, height, componentCount } = frame.data;
    const samples = decoder.getDecodedBuffer();
    if (samples.length !== width * height * componentCount) throw new Error('size and samples do not agree');
    const image = { width, height, data: toRgba(samples, componentCount) };
    // The codec's memory outlives the call: the portrait goes out of it.
    samples.fill(0);
    decoder.getEncodedBuffer(bytes.length).fill(0);
    decoder.delete();
    return image;
  } catch (error) {
    // A broken stream can abort the whole module: the next image gets a new one.
    loaded = undefined;
    throw error instanceof Error ? error : new Error('the decoder gave up');
  }
}

async function load(): Promise<OpenJpeg> {
  const { default: create } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
  const wasm = createRequire(import.meta.url).resolve('@cornerstonejs/codec-openjpeg/decodewasm');
  // The codec reports on standard output; nothing about a portrait may be printed.
  const silent = (): void => undefined;
  return (await create({ wasmBinary: readFileSync(wasm), print: silent, printErr: silent })) as OpenJpeg;
}

/** A fourth component is taken for opacity and left out. */
function toRgba(samples: Uint8Array, components: 1 | 3 | 4): Uint8Array {
  const pixels = samples.length / components;
  const data = new Uint8Array(pixels * 4);
  for (let i = 0; i < pixels; i++) {
    const at = i * components;
    data[i * 4] = samples[at]!;
    data[i * 4 + 1] = samples[components === 1 ? at : at + 1]!;
    data[i * 4 + 2] = samples[components === 1 ? at : at + 2]!;
    data[i * 4 + 3] = 255;
  }
  return data;
}
