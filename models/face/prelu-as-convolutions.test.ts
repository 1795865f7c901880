import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { goldenImage } from '../golden/golden-vectors.ts';
import { activeModel, readManifest } from '../manifest.ts';
import { flushTinyWeights } from './flush-tiny-weights.ts';
import { DEFAULT_MODEL_ROOT, readVerifiedModel } from './model-files.ts';
import { message, ONNX } from './onnx-file.ts';
import { preluAsConvolutions } from './prelu-as-convolutions.ts';
import { packPlanar } from './tensors.ts';

const RUN = { executionProviders: ['cpu'], intraOpNumThreads: 1, logSeverityLevel: 3 } as const;

test.each(['recogniser', 'presentationAttack'] as const)('%s: the same answers, to float rounding', async (role) => {
  const model = activeModel(unwrap(await readManifest()), role);
  const { name, width, height, layout } = model.input;
  const original = unwrap(await readVerifiedModel(model, DEFAULT_MODEL_ROOT));
  flushTinyWeights(original, 1e-15);
  const { bytes, replaced } = preluAsConvolutions(original);
  // All of one model; of the other those whose channels fill blocks.
  expect(replaced).toBe(role === 'recogniser' ? 33 : 3);
  const values = new Float32Array(3 * width * height);
  packPlanar(goldenImage(width, height), layout, values);
  const answer = async (onnx: Uint8Array): Promise<Float32Array> => {
    const session = await ort.InferenceSession.create(onnx, RUN);
    const found = await session.run({ [name]: new ort.Tensor('float32', values, [1, 3, height, width]) });
    await session.release();
    return found[model.output]!.data as Float32Array;
  };
  const [before, after] = [await answer(original), await answer(bytes)];
  const largest = Math.max(...before.map(Math.abs));
  expect(after).toHaveLength(before.length);
  for (const [i, value] of before.entries()) expect(Math.abs(after[i]! - value)).toBeLessThan(1e-5 * largest);
});

/** One PRelu whose slopes have these dimensions. */
const onePrelu = (dims: readonly number[], count: number): Buffer => {
  const slopes = message([
    ...dims.map((size) => [ONNX.tensorDims, size] as const),
    [ONNX.tensorDataType, ONNX.float],
    [ONNX.tensorName, 's'],
    [ONNX.tensorRawData, new Uint8Array(count * 4)],
  ]);
  const node = message([
    [ONNX.nodeInput, 'x'],
    [ONNX.nodeInput, 's'],
    [ONNX.nodeOutput, 'y'],
    [ONNX.nodeType, 'PRelu'],
  ]);
  return message([
    [
      ONNX.graph,
      message([
        [ONNX.node, node],
        [ONNX.initializer, slopes],
      ]),
    ],
  ]);
};

test.each([
  ['one slope a channel', [32, 1, 1], 32, 1],
  ['channels that fill no blocks', [33, 1, 1], 33, 0],
  ['one slope for all', [1, 1, 1], 1, 0],
  ['a slope for each pixel', [16, 7, 7], 16 * 49, 0],
  ['fewer slopes than the dimensions say', [32, 1, 1], 16, 0],
] as const)('%s', (_name, dims, count, replaced) => {
  const onnx = onePrelu(dims, count);
  const found = preluAsConvolutions(onnx);
  expect(found.replaced).toBe(replaced);
  if (replaced === 0) expect(found.bytes).toBe(onnx);
});

test('bytes that are no protobuf', () => {
  expect(() => preluAsConvolutions(Buffer.from('ffffffffffffffffffffffff', 'hex'))).toThrow('ONNX file');
});
