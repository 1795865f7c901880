import { type Field, fieldsOf, integersOf, message, type NewField, ONNX, textOf } from './onnx-file.ts';

/*
 * ONNX Runtime computes PRelu one value at a time, and brings its picture from the blocked layout of its convolutions into the
 * plain one and back for it: two thirds of a recogniser's time. The same function in operations that stay in that layout:
 *
 *     PRelu(x) = slope * x + (1 - slope) * Relu(x)
 *
 * where a factor for each channel is a convolution of one pixel and one channel. Outputs agree to float rounding (see the test).
 * Done in the verified bytes before the session is made, as with tiny weights.
 */

/** Channels of one block of the layout on the widest processors; what does not fill blocks would leave it and be no faster. */
const BLOCK = 16;

interface Slopes {
  readonly name: string;
  readonly dims: readonly number[];
  readonly isFloat: boolean;
  readonly raw: Field | undefined;
}

/** The same model with such PRelu nodes replaced, and how many. Throws on bytes that are no protobuf. */
export function preluAsConvolutions(onnx: Uint8Array): { readonly bytes: Uint8Array; readonly replaced: number } {
  const parts: Uint8Array[] = [];
  let replaced = 0;
  for (const field of fieldsOf(onnx, 0, onnx.length)) {
    if (field.number !== ONNX.graph) {
      parts.push(onnx.subarray(field.from, field.end));
      continue;
    }
    const graph = rewriteGraph(onnx, field);
    replaced += graph.replaced;
    parts.push(message([[ONNX.graph, Buffer.concat(graph.parts)]]));
  }
  return replaced === 0 ? { bytes: onnx, replaced } : { bytes: Buffer.concat(parts), replaced };
}

function rewriteGraph(onnx: Uint8Array, graph: Field): { readonly parts: Uint8Array[]; readonly replaced: number } {
  const tensors = new Map<string, Slopes>();
  for (const field of fieldsOf(onnx, graph.start, graph.end)) {
    if (field.number !== ONNX.initializer) continue;
    const tensor = readTensor(onnx, field);
    tensors.set(tensor.name, tensor);
  }
  const parts: Uint8Array[] = [];
  let replaced = 0;
  for (const field of fieldsOf(onnx, graph.start, graph.end)) {
    const replacement = field.number === ONNX.node ? replacementOf(onnx, field, tensors) : undefined;
    parts.push(replacement ?? onnx.subarray(field.from, field.end));
    if (replacement) replaced++;
  }
  return { parts, replaced };
}

function readTensor(onnx: Uint8Array, tensor: Field): Slopes {
  let name = '';
  let isFloat = false;
  let raw: Field | undefined;
  const dims: number[] = [];
  for (const field of fieldsOf(onnx, tensor.start, tensor.end)) {
    if (field.number === ONNX.tensorName) name = textOf(onnx, field);
    if (field.number === ONNX.tensorDims) dims.push(...integersOf(onnx, field));
    if (field.number === ONNX.tensorDataType) isFloat = field.value === ONNX.float;
    if (field.number === ONNX.tensorRawData) raw = field;
  }
  return { name, dims, isFloat, raw };
}

/** Fields of the graph in place of one node; `undefined` where the node stays as it is. */
function replacementOf(onnx: Uint8Array, node: Field, tensors: ReadonlyMap<string, Slopes>): Buffer | undefined {
  const { type, inputs, outputs } = readNode(onnx, node);
  const [x, slopeName] = inputs;
  const [y] = outputs;
  const slope = tensors.get(slopeName ?? '');
  if (type !== 'PRelu' || x === undefined || y === undefined || !slope?.raw || !slope.isFloat) return undefined;
  const [channels = 0, ...rest] = slope.dims;
  const { start, end } = slope.raw;
  const perChannel = rest.length === 2 && rest.every((size) => size === 1) && end - start === channels * 4;
  if (!perChannel || channels === 0 || channels % BLOCK !== 0) return undefined;
  // A copy: the weights need not lie at a multiple of four bytes.
  const slopes = new Float32Array(Uint8Array.from(onnx.subarray(start, end)).buffer);
  const name = (part: string): string => `${y}/prelu-${part}`;
  return message([
    [ONNX.initializer, factors(name('slope'), slopes)],
    [
      ONNX.initializer,
      factors(
        name('rest'),
        slopes.map((value) => 1 - value),
      ),
    ],
    [ONNX.node, writeNode('Relu', [x], name('relu'))],
    [ONNX.node, writeNode('Conv', [x, name('slope')], name('all'), perChannelConvolution(channels))],
    [ONNX.node, writeNode('Conv', [name('relu'), name('rest')], name('positive'), perChannelConvolution(channels))],
    [ONNX.node, writeNode('Add', [name('all'), name('positive')], y)],
  ]);
}

function readNode(onnx: Uint8Array, node: Field) {
  let type = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  for (const field of fieldsOf(onnx, node.start, node.end)) {
    if (field.number === ONNX.nodeType) type = textOf(onnx, field);
    if (field.number === ONNX.nodeInput) inputs.push(textOf(onnx, field));
    if (field.number === ONNX.nodeOutput) outputs.push(textOf(onnx, field));
  }
  return { type, inputs, outputs };
}

const writeNode = (
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Uint8Array[] = [],
): Buffer =>
  message([
    ...inputs.map((input): NewField => [ONNX.nodeInput, input]),
    [ONNX.nodeOutput, output],
    [ONNX.nodeName, output],
    [ONNX.nodeType, type],
    ...attributes.map((attribute): NewField => [ONNX.nodeAttribute, attribute]),
  ]);

/** AttributeProto.name = 1, .i = 3, .ints = 8, .type = 20 (INT = 2, INTS = 7). */
const perChannelConvolution = (channels: number): readonly Uint8Array[] => [
  message([
    [1, 'group'],
    [3, channels],
    [20, 2],
  ]),
  message([
    [1, 'kernel_shape'],
    [8, 1],
    [8, 1],
    [20, 7],
  ]),
];

/** A float tensor of channels x 1 x 1 x 1. */
const factors = (name: string, values: Float32Array): Buffer =>
  message([
    ...[values.length, 1, 1, 1].map((size): NewField => [ONNX.tensorDims, size]),
    [ONNX.tensorDataType, ONNX.float],
    [ONNX.tensorName, name],
    [ONNX.tensorRawData, new Uint8Array(values.buffer)],
  ]);
