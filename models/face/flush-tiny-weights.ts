/*
 * Some trained weights are dead: weight decay has driven them to 1e-20 and below, down to denormal numbers. Products
 * with them are denormal too, and a processor computes those in microcode, a hundred times slower. ONNX Runtime's
 * own remedy (`set_denormal_as_zero`) reaches only the thread that made the first session, not the pool that runs
 * asynchronous calls. So the weights are set to zero in the verified bytes before the session is made.
 *
 * An ONNX file is one protobuf message (onnx.proto3): ModelProto.graph = 7, GraphProto.initializer = 5,
 * TensorProto.data_type = 2 (1 is FLOAT), TensorProto.raw_data = 9.
 */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const GRAPH = 7;
const INITIALIZER = 5;
const DATA_TYPE = 2;
const RAW_DATA = 9;
const FLOAT = 1;

interface Field {
  readonly number: number;
  /** Value of a varint field, 0 otherwise. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** Sets float weights smaller than `below` to zero, in place; gives how many there were. Throws on bytes that are no protobuf. */
export function flushTinyWeights(onnx: Uint8Array, below: number): number {
  const view = new DataView(onnx.buffer, onnx.byteOffset, onnx.byteLength);
  let flushed = 0;
  for (const graph of fieldsOf(onnx, 0, onnx.length)) {
    if (graph.number !== GRAPH) continue;
    for (const tensor of fieldsOf(onnx, graph.start, graph.end)) {
      if (tensor.number === INITIALIZER) flushed += flushTensor(onnx, view, tensor, below);
    }
  }
  return flushed;
}

function flushTensor(onnx: Uint8Array, view: DataView, tensor: Field, below: number): number {
  let isFloat = false;
  let raw: Field | undefined;
  for (const field of fieldsOf(onnx, tensor.start, tensor.end)) {
    if (field.number === DATA_TYPE) isFloat = field.value === FLOAT;
    if (field.number === RAW_DATA) raw = field;
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

function* fieldsOf(bytes: Uint8Array, start: number, end: number): Generator<Field> {
  let at = start;
  while (at < end) {
    const key = readVarint(bytes, at, end);
    const number = Math.floor(key.value / 8);
    const wire = key.value % 8;
    at = key.next;
    if (wire === WIRE.varint) {
      const { value, next } = readVarint(bytes, at, end);
      yield { number, value, start: at, end: next };
      at = next;
      continue;
    }
    const length = wire === WIRE.bytes ? readVarint(bytes, at, end) : { value: fixedLength(wire), next: at };
    const stop = length.next + length.value;
    if (stop > end) throw new Error('ONNX file: a field reaches beyond its message');
    yield { number, value: 0, start: length.next, end: stop };
    at = stop;
  }
}

function fixedLength(wire: number): number {
  if (wire === WIRE.fixed32) return 4;
  if (wire === WIRE.fixed64) return 8;
  throw new Error(`ONNX file: unknown wire type ${wire}`);
}

/** Lengths fit a double; of longer (negative) integers only the size matters here. */
function readVarint(bytes: Uint8Array, start: number, end: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let factor = 1;
  for (let at = start; at < Math.min(end, start + 10); at++) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: at + 1 };
    factor *= 128;
  }
  throw new Error('ONNX file: an integer does not end');
}
