import { type Field, fieldsOf, ONNX } from './onnx-file.ts';

/*
 * Some trained weights are dead: weight decay has driven them to 1e-20 and below, down to denormal numbers. Products
 * with them are denormal too, and a processor computes those in microcode, a hundred times slower. ONNX Runtime's
 * own remedy (`set_denormal_as_zero`) reaches only the thread that made the first session, not the pool that runs
 * asynchronous calls. So the weights are set to zero in the verified bytes before the session is made.
 */

/** Sets float weights smaller than `below` to zero, in place; gives how many there were. Throws on bytes that are no protobuf. */
export function flushTinyWeights(onnx: Uint8Array, below: number): number {
  const view = new DataView(onnx.buffer, onnx.byteOffset, onnx.byteLength);
  let flushed = 0;
  for (const graph of fieldsOf(onnx, 0, onnx.length)) {
    if (graph.number !== ONNX.graph) continue;
    for (const tensor of fieldsOf(onnx, graph.start, graph.end)) {
      if (tensor.number === ONNX.initializer) flushed += flushTensor(onnx, view, tensor, below);
    }
  }
  return flushed;
}

function flushTensor(onnx: Uint8Array, view: DataView, tensor: Field, below: number): number {
  let isFloat = false;
  let raw: Field | undefined;
  for (const field of fieldsOf(onnx, tensor.start, tensor.end)) {
    if (field.number === ONNX.tensorDataType) isFloat = field.value === ONNX.float;
    if (field.number === ONNX.tensorRawData) raw = field;
  }
  if (!isFloat || !raw) return 0;
  let flushed = 0;
  for (let at = raw.start; at + 4 <= raw.end; at += 4) {
    const weight = view.getFloat32(at, true);
    if (weight === 0 || Math.abs(weight) >= below) continue;
    view.setFloat32(at, 0, true);
    flushed++;
  }
  return flushed;
}
