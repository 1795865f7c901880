/*
 * An ONNX file is one protobuf message (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). What is read and written of it
 * here: ModelProto.graph = 7; GraphProto.node = 1, .initializer = 5; NodeProto.input = 1, .output = 2, .name = 3, .op_type = 4,
 * .attribute = 5; TensorProto.dims = 1, .data_type = 2 (1 is FLOAT), .name = 8, .raw_data = 9.
 */
export const ONNX = {
  graph: 7,
  node: 1,
  initializer: 5,
  nodeInput: 1,
  nodeOutput: 2,
  nodeName: 3,
  nodeType: 4,
  nodeAttribute: 5,
  tensorDims: 1,
  tensorDataType: 2,
  tensorName: 8,
  tensorRawData: 9,
  float: 1,
} as const;

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export interface Field {
  readonly number: number;
  /** Value of a varint field, 0 otherwise. */
  readonly value: number;
  /** Where the field begins with its key, where its content begins, and where both end. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
}

/** The fields of one message, in their order. Throws on bytes that are no protobuf. */
export function* fieldsOf(bytes: Uint8Array, start: number, end: number): Generator<Field> {
  let at = start;
  while (at < end) {
    const from = at;
    const key = readVarint(bytes, at, end);
    const number = Math.floor(key.value / 8);
    const wire = key.value % 8;
    at = key.next;
    if (wire === WIRE.varint) {
      const { value, next } = readVarint(bytes, at, end);
      yield { number, value, from, start: at, end: next };
      at = next;
      continue;
    }
    const length = wire === WIRE.bytes ? readVarint(bytes, at, end) : { value: fixedLength(wire), next: at };
    const stop = length.next + length.value;
    if (stop > end) throw new Error('ONNX file: a field reaches beyond its message');
    yield { number, value: 0, from, start: length.next, end: stop };
    at = stop;
  }
}

export const textOf = (bytes: Uint8Array, { start, end }: Field): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');

/** Numbers of a repeated integer field, packed into one field or not. */
export function integersOf(bytes: Uint8Array, field: Field): readonly number[] {
  // Not packed, the content is one number that ends where the field ends; packed, it is a row of them.
  const values: number[] = [];
  for (let at = field.start; at < field.end; ) {
    const { value, next } = readVarint(bytes, at, field.end);
    values.push(value);
    at = next;
  }
  return values;
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

export type NewField = readonly [number: number, content: number | string | Uint8Array];

/** A message: numbers as varints, texts and messages with their length before them. */
export function message(fields: readonly NewField[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, content]) => {
      if (typeof content === 'number') return [varint(number * 8 + WIRE.varint), varint(content)];
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      return [varint(number * 8 + WIRE.bytes), varint(bytes.length), bytes];
    }),
  );
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let left = number;
  while (left > 0x7f) {
    bytes.push((left % 128) | 0x80);
    left = Math.floor(left / 128);
  }
  return Buffer.from([...bytes, left]);
}
