import { message, type NewField } from './onnx-file.ts';

/*
 * A recogniser of a few hundred bytes, as real an ONNX file as any: it averages 7 x 7 pixels and gives the 768 means as its
 * template. It tells light from dark, not people from people, which is all a test of "another model by manifest" needs.
 * Written by hand in protobuf (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, IR version 8, opset 13).
 */

export function tinyRecogniser(input: string, output: string): Buffer {
  const pool = node('AveragePool', input, 'pooled', [ints('kernel_shape', [7, 7]), ints('strides', [7, 7])]);
  const flatten = node('Flatten', 'pooled', output, []);
  const graph = message([
    [1, pool],
    [1, flatten],
    [2, 'tiny'],
    [11, value(input, [1, 3, 112, 112])],
    [12, value(output, [1, 768])],
  ]);
  return message([
    [1, 8],
    [7, graph],
    [8, message([[2, 13]])],
  ]);
}

const node = (type: string, input: string, output: string, attributes: readonly Buffer[]): Buffer =>
  message([[1, input], [2, output], [4, type], ...attributes.map((attribute): NewField => [5, attribute])]);

const INTS = 7;
const ints = (name: string, values: readonly number[]): Buffer =>
  message([[1, name], ...values.map((each): NewField => [8, each]), [20, INTS]]);

const FLOAT = 1;
function value(name: string, shape: readonly number[]): Buffer {
  const dimensions = message(shape.map((size): NewField => [1, message([[1, size]])]));
  const tensor = message([
    [1, FLOAT],
    [2, dimensions],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensor]])],
  ]);
}
