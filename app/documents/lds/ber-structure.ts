import { err, ok, type Result } from '../../contract/result.ts';
import type { TlvError } from './ber-tlv.ts';

export interface StructureLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxNodes: number;
}

/** Real EF.SOD files hold a few hundred nodes, 14 deep; a certificate even less. */
export const CMS_LIMITS: StructureLimits = { maxBytes: 256 * 1024, maxDepth: 32, maxNodes: 20_000 };
/** The largest master lists hold some 700 certificates in about 1 MB. */
export const MASTER_LIST_LIMITS: StructureLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 40, maxNodes: 1_000_000 };

interface Frame {
  readonly end: number;
  readonly indefinite: boolean;
}

/**
 * Walks an ASN.1 structure without building it and refuses what a general parser would choke on: lengths beyond the input,
 * nesting and node bombs. BER indefinite lengths are allowed here because some states' EF.SOD use them.
 * Runs in O(n) with a stack of at most `maxDepth` entries.
 */
export function checkBerStructure(bytes: Uint8Array, limits: StructureLimits): Result<void, TlvError> {
  if (bytes.length > limits.maxBytes) return err({ code: 'tlvLengthTooLong', offset: 0 });
  const open: Frame[] = [{ end: bytes.length, indefinite: false }];
  let at = 0;
  for (let nodes = 0; ; nodes++) {
    // Close every frame that ends here.
    let frame = open[open.length - 1]!;
    while (!frame.indefinite && at === frame.end) {
      open.pop();
      if (open.length === 0) return ok();
      frame = open[open.length - 1]!;
    }
    if (nodes >= limits.maxNodes) return err({ code: 'tlvTooMany', offset: at });
    const step = readNode(bytes, at, frame);
    if (!step.ok) return step;
    if (step.value.endOfContents) {
      open.pop();
      at += 2;
      continue;
    }
    at += step.value.headerLength;
    if (step.value.constructed) {
      if (open.length >= limits.maxDepth) return err({ code: 'tlvTooDeep', offset: at });
      const indefinite = step.value.length === null;
      open.push({ end: indefinite ? frame.end : at + (step.value.length ?? 0), indefinite });
    } else {
      at += step.value.length ?? 0;
    }
  }
}

interface Node {
  readonly endOfContents: boolean;
  readonly headerLength: number;
  readonly constructed: boolean;
  /** Null for an indefinite length. */
  readonly length: number | null;
}

function readNode(bytes: Uint8Array, offset: number, frame: Frame): Result<Node, TlvError> {
  const truncated = err<TlvError>({ code: 'tlvTruncated', offset });
  let at = offset;
  if (at + 2 > frame.end) return truncated;
  const first = bytes[at++]!;
  if (frame.indefinite && first === 0 && bytes[at] === 0) {
    return ok({ endOfContents: true, headerLength: 2, constructed: false, length: 0 });
  }
  if ((first & 0x1f) === 0x1f) {
    for (let count = 0; ; count++) {
      if (count >= 4) return err({ code: 'tlvTagTooLong', offset });
      if (at >= frame.end) return truncated;
      if ((bytes[at++]! & 0x80) === 0) break;
    }
  }
  if (at >= frame.end) return truncated;
  const constructed = (first & 0x20) !== 0;
  const lead = bytes[at++]!;
  if (lead === 0x80) {
    if (!constructed) return err({ code: 'tlvIndefiniteLength', offset });
    return ok({ endOfContents: false, headerLength: at - offset, constructed, length: null });
  }
  let length = lead;
  if (lead > 0x80) {
    const count = lead & 0x7f;
    if (count > 4) return err({ code: 'tlvLengthTooLong', offset });
    if (at + count > frame.end) return truncated;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[at++]!;
  }
  if (length > frame.end - at) return truncated;
  return ok({ endOfContents: false, headerLength: at - offset, constructed, length });
}
